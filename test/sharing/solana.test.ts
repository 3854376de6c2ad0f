import { shared } from '@eip3009/core'
import { readSvmPayment, svmSecretsOf } from '@eip3009/core/solana'
import { variants } from '@eip3009/fixtures'
import { VersionedTransaction } from '@solana/web3.js'
import { expect, it } from 'vitest'
import { run } from '../fake-console.ts'
import { transactionOf } from '../solana/programs.ts'
import { finder } from './windows.ts'

const patience = 600_000
const commands = [['diagnose', '--no-replay'], ['decode']] as const
const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

function base58(bytes: Uint8Array): string {
  let [number, text] = [BigInt(`0x${Buffer.from(bytes).toString('hex')}`), '']
  for (; number > 0n; number /= 58n) text = `${alphabet[Number(number % 58n)]}${text}`
  return text
}

/** The signatures that are there, and a search for eleven characters of base58 or eight bytes of either half. */
function signaturesOf(transaction: string): readonly { readonly text: string; readonly find: (text: string) => string | undefined }[] {
  return VersionedTransaction.deserialize(Buffer.from(transaction, 'base64'))
    .signatures.filter((signature) => signature.some((byte) => byte !== 0))
    .map((signature) => {
      const text = base58(signature)
      const halves = [signature.slice(0, 32), signature.slice(32)].map((half) => finder(Buffer.from(half).toString('hex')))
      const pieces = Array.from({ length: text.length - 10 }, (_, at) => text.slice(at, at + 11))
      return {
        text,
        find: (output) =>
          pieces.find((piece) => output.includes(piece)) ?? halves.map((find) => find(output)).find((each) => each !== undefined),
      }
    })
}

it(
  'a payment on Solana gives its signatures away in no output with --share, not even where somebody put one into a memo',
  async () => {
    let [looked, control] = [0, 0]
    for (const [turn, variant] of variants('solana').entries()) {
      let signatures: ReturnType<typeof signaturesOf>
      try {
        signatures = signaturesOf(transactionOf(variant))
      } catch {
        // Transactions that nobody can read are among them.
        continue
      }
      const [payer] = signatures.slice(-1)
      if (payer === undefined) continue
      const body = JSON.stringify(variant.input).replace(/"payTo":/, `"extraNote":"x","memoOf":"${payer.text}","payTo":`)
      const asNetwork = JSON.stringify(variant.input).replace(/"network":"[^"]*"/, `"network":"solana:${payer.text}"`)
      const others = [
        asNetwork,
        transactionOf(variant),
        `simulation failed for ${payer.text}: custom program error: 0x1 ${transactionOf(variant)}`,
      ]
      // The others by turns: what is read from them is the same transaction.
      for (const [place, input] of [body, others[turn % others.length] ?? body].entries()) {
        for (const [at, [name, ...rest]] of commands.entries()) {
          const options = (turn + place + at) % 2 === 0 ? [] : ['--json']
          const { out, err } = await run([name, input, ...rest, ...options, '--share'])
          for (const { find } of signatures) expect(find(out + err), `${name} of ${variant.name}`).toBeUndefined()
          looked++
          if (options.length > 0) continue
          const open = await run([name, input, ...rest])
          if (signatures.some(({ find }) => find(open.out + open.err) !== undefined)) control++
        }
      }
    }
    expect(looked).toBeGreaterThan(150)
    expect(control).toBeGreaterThan(20)
  },
  patience,
)

it('in the library, too; the id of what has landed stays', () => {
  const variant = variants('solana').find(({ name }) => name === 'self-paid')
  const payment = readSvmPayment(variant?.input ?? {})
  const [{ text: id } = { text: '' }] = signaturesOf(transactionOf(variant ?? { input: {} }))
  const model = { settlement: { transaction: id }, says: `landed as ${id}` }
  expect(JSON.stringify(shared(model, svmSecretsOf(payment, false)))).not.toContain(id.slice(0, 11))
  expect(shared(model, svmSecretsOf(payment, true))).toEqual(model)
})
