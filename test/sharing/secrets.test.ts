import { describe, expect, it } from 'vitest'
import { run } from '../fake-console.ts'
import { startRpcServer } from '../rpc-server.ts'
import { forms, sign } from './forms.ts'

const patience = 600_000
const commands = (search: 'none' | 'quick') =>
  [['diagnose', '--no-replay', '--search', search], ['signature', '--search', search], ['decode']] as const

// Put together here, so that no scanner of secrets takes this file for one. All are made up, or published as examples.
const letters = 'aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vWx2Yz'
const secrets = {
  'a recovery phrase': 'legal winner thank year wave sausage worth useful legal winner thank yellow',
  'a long recovery phrase':
    'letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic bless',
  'a token of GitHub': `ghp_${letters}`,
  'a fine-grained token of GitHub': `github_pat_11ABCDEFG0_${letters}`,
  "a key's id of AWS": 'AKIAIOSFODNN7EXAMPLE',
  'a secret of AWS': `wJalrXUtnFEMI/K7MDENG/${'bPxRfiCYEXAMPLEKEY'}`,
  'a key of Stripe': `sk_live_${letters.slice(0, 24)}`,
  'a key of a model': `sk-proj-${letters}`,
  'a bearer token': `Bearer ${letters}`,
  'an extended key': `xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi`,
  'a key that is called one': `private key 0x${'8b86b6af130738cdf19c1c3aa244e75c882f2da1d078de0b1fd6b7fcf49b181e'}`,
  'a URL': `https://user:hunter2pass@base-mainnet.g.alchemy.com/v2/${letters}`,
  'a URL without its scheme': `user:hunter2pass@base-mainnet.g.alchemy.com/v2/${letters}`,
} as const

/** The words or the pieces of a secret that may not be seen; a phrase's words are words, too. */
function piecesOf(secret: string): readonly string[] {
  const words = secret.split(' ')
  if (words.length >= 12) return words.slice(1).map((word, index) => `${words[index]} ${word}`)
  const [longest = ''] = secret.split(/[ /:@]+/).sort((a, b) => b.length - a.length)
  return [longest.slice(0, 12), longest.slice(-12), ...(secret.includes('hunter2') ? ['hunter2'] : [])]
}

const authorization = {
  from: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
  to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
  value: '10000',
  validAfter: '1740672089',
  validBefore: '2000000000',
  nonce: `0x${'7e'.repeat(32)}`,
}
const payment = (changes: object, payload: object = {}): string =>
  JSON.stringify({
    x402Version: 1,
    scheme: 'exact',
    network: 'base',
    payload: { signature: `0x${'1b'.repeat(65)}`, authorization, ...payload },
    ...changes,
  })

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

describe('a secret in a field that is printed', () => {
  it.each(Object.entries(secrets))(
    '%s',
    async (_name, secret) => {
      const inputs = [
        payment({ network: secret }),
        payment({ scheme: secret }),
        payment({}, { authorization: { ...authorization, value: secret } }),
        payment({}, { authorization: { ...authorization, nonce: secret } }),
        payment({}, { signature: secret }),
        payment({ [secret]: 1 }),
        `execution reverted: ${secret}`,
        `FiatTokenV2: invalid signature (${secret})`,
        JSON.stringify({ code: 3, message: `execution reverted: ${secret}` }),
        `0x08c379a0${'20'.padStart(64, '0')}${secret.length.toString(16).padStart(64, '0')}${Buffer.from(secret)
          .toString('hex')
          .padEnd(Math.ceil(secret.length / 32) * 64, '0')}`,
      ]
      let answered = 0
      for (const input of inputs) {
        for (const [name, ...rest] of commands('none')) {
          for (const options of [[], ['--json']]) {
            const { code, out, err } = await run([name, input, ...rest, ...options, '--share'])
            if (code !== 2) answered++
            for (const piece of piecesOf(secret)) expect(out + err, `${name} ${input}`).not.toContain(piece)
          }
        }
      }
      expect(answered).toBeGreaterThan(10)
    },
    patience,
  )
})

describe('a secret that a node repeats is never shown, also without --share', () => {
  const key = `sk_live_${letters.slice(0, 24)}`

  it.each([
    ['HTTP 401', { status: 401, body: { error: { code: -32000, message: `bad key ${key}` } } }],
    ['text', { status: 403, body: `forbidden: bad key ${key}` }],
    ['a page', { status: 401, body: `<html><head><title>bad key ${key}</title></head></html>` }],
    ['an error', { body: { jsonrpc: '2.0', id: 1, error: { code: -32001, message: `bad key ${key}, Authorization: Bearer ${letters}` } } }],
    ['an error without a code', { body: { jsonrpc: '2.0', id: 1, error: `bad key ${key}` } }],
    ['a long error', { body: { jsonrpc: '2.0', id: 1, error: { code: -32001, message: `${'x'.repeat(280)} ${key}` } } }],
  ])('%s', async (_name, reply) => {
    await using server = await startRpcServer(() => reply)
    const text = payment({})
    for (const args of [
      ['diagnose', text, '--no-replay', '--search', 'none', '--rpc-url', server.url],
      ['replay', text, '--rpc-url', server.url],
      ['domains', 'base', '--rpc', `base=${server.url}`],
    ]) {
      const { out, err } = await run(args)
      expect(out + err).not.toBe('')
      expect(out + err, args[0]).not.toMatch(/sk_live_|aB3dE5fG7h/)
    }
  })
})

it('an address of an RPC in the wrong place is not shown, with or without its scheme', async () => {
  for (const address of [
    'https://rpc.example/secretpathkeylower/abcdefghijklmnop',
    'user:hunter2pass@rpc.example/secretpathkeylower',
    'rpc.example.org/secretpathkeylower/abcdefghijklmnop',
  ]) {
    for (const args of [
      ['diagnose', address],
      ['decode', address],
      ['diagnose', payment({}), '--network', address],
      ['diagnose', payment({}), '--at', address],
      ['replay', payment({}), '--block', address, '--rpc-url', 'http://127.0.0.1:1'],
      ['identify', address],
      ['networks', address],
      ['explain', address],
    ]) {
      const { out, err } = await run(args)
      expect(out + err, args.join(' ')).not.toMatch(/hunter2|secretpathkeylower|abcdefghijklmnop/)
    }
  }
})

it('a secret that the beginning of a text shows is not shown, where the text is cut or said as people say it', async () => {
  const phrase = 'test walk nut penalty hip pave soap entry language right filter choice'
  for (const [text, piece] of [
    [`${'x'.repeat(500)} ${phrase}`, /test walk/],
    [phrase.replaceAll(' ', '/'), /test.walk/],
    [`${'x'.repeat(490)} https://user:hunter2secretpassword@rpc.example.com/x`, /hunter2/],
    ['my --private-key hunter2secret', /hunter2/],
    ['$ curl -u admin:hunter2secret https://x.example', /hunter2/],
    ['passphrase hunter2secret', /hunter2/],
    ['my password is hunter2secret', /hunter2/],
  ] as const) {
    for (const command of ['diagnose', 'signature', 'decode']) {
      for (const options of [[], ['--json']]) {
        const { out, err } = await run([command, text, ...options, '--share'])
        expect(out + err, `${command} ${text}`).not.toMatch(piece)
      }
    }
  }
})

it(
  'nothing but the signature is covered: the answer is the same line for line',
  async () => {
    const signed = await sign(136)
    let lines = 0
    const bodies = (await forms(signed)).filter(({ wire }) => wire === 'settle body' || wire === 'text')
    for (const [at, form] of bodies.entries()) {
      for (const [place, [name, ...rest]] of commands('quick').entries()) {
        const options = (at + place) % 2 === 0 ? [] : ['--json']
        const open = await run([name, form.text, ...rest, ...options])
        const shared = await run([name, form.text, ...rest, ...options, '--share'])
        expect(shared.code, `${name} of ${form.name}`).toBe(open.code)
        const before = open.out.split('\n')
        for (const [index, line] of shared.out.split('\n').entries()) {
          lines++
          if (line === before[index]) continue
          // What a known form covers is three stars, however long it was.
          const beneath = new RegExp(`^${line.split(/[*]+/).map(escaped).join('.+')}$`)
          expect(before[index], `${name} of ${form.name}`).toMatch(beneath)
          expect(line).not.toMatch(
            /"(?:cause|verdict|digest|separator|structHash|typeHash|from|to|token|nonce|network|signer|recovered|address)": "[^"]*\*/,
          )
        }
      }
    }
    expect(lines).toBeGreaterThan(5000)
  },
  patience,
)
