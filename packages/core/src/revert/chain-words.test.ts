import { describe, expect, it } from 'vitest'
import { catalogue } from '../causes/catalogue.ts'
import { otherChains } from '../networks/other-chains.ts'
import { decodeRevert } from './revert.ts'

const codes = [
  'insufficient_funds',
  'invalid_signature',
  'settle_exact_failed',
  'transaction_failed',
  'transaction_simulation',
  'invalid_network',
]

describe('an answer about a chain outside the EVM and Solana', () => {
  it.each(otherChains)('is of $label, and has no cause of the EVM or of Solana', ({ id, namespaces, names }) => {
    const [caip2, name] = [`${namespaces[0]}:mainnet`, names.at(-1)]
    for (const code of codes) {
      const inputs = [
        { isValid: false, invalidReason: code, network: caip2 },
        { success: false, errorReason: code, network: name },
        JSON.stringify({ error: { message: code }, chain: caip2 }),
        `facilitator: settle failed network=${caip2} reason=${code}`,
        `facilitator: settle failed network=${name} reason=${code}`,
        `WARN ${code} (network: ${caip2})`,
        `${code} on ${caip2}`,
      ]
      for (const input of inputs) {
        const { rail, causes, cause, rulesOut } = decodeRevert(input)
        expect([input, rail]).toEqual([input, id])
        expect(causes.filter((each) => catalogue[each].family !== 'both')).toEqual([])
        if (code !== 'invalid_network') expect([input, cause]).toEqual([input, undefined])
        expect(rulesOut).toEqual([])
      }
    }
  })

  it('is of a chain that nobody here has heard of, where its id says so', () => {
    const { rail, causes } = decodeRevert({ errorReason: 'insufficient_funds', network: 'cosmos:cosmoshub-4' })
    expect([rail, causes]).toEqual(['other-chain', []])
  })

  it.each([
    ['a URL', { errorReason: 'insufficient_funds', network: 'https://rpc.example' }],
    ['an EVM chain', { errorReason: 'insufficient_funds', network: 'eip155:8453' }],
    ['an unsupported EVM chain', { errorReason: 'insufficient_funds', network: 'cronos' }],
    ['a word of English after a colon', 'network: near capacity, errorReason insufficient_funds'],
    ['words that begin like a chain', 'stacks: 3, tons of sui generis errors; reason=insufficient_funds'],
    ['the network of the node beside the words of an EVM', 'insufficient_funds on eip155:8453; hedera is served, too'],
  ])('is not taken for one by %s', (_what, input) => {
    const { rail, causes } = decodeRevert(input)
    expect(rail).toBeUndefined()
    expect(causes).toContain('insufficient-balance')
  })
})
