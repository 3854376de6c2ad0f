import { expect, it } from 'vitest'
import { solana } from '../../networks/solana.ts'
import { liteSvmReplayer } from './lite-svm.ts'
import { loadSvm, refuseOld, type Svm, type SvmLibrary } from './open-svm.ts'

it.each(['0.2.0', '0.8.0', '1.1.0', '1.4.1', '', 'next', '1'])(
  'litesvm %j is refused with the command that installs a good one',
  (version) => {
    expect(() => refuseOld(version)).toThrow(
      expect.objectContaining({ code: 'missing-package', message: expect.stringContaining('npm install litesvm@^1.5.0') }),
    )
  },
)

it.each(['1.5.0', '1.12.3', '2.0.0'])('litesvm %s is taken', (version) => {
  expect(() => refuseOld(version)).not.toThrow()
})

it('loads the one that is installed', async () => {
  const { version, create } = await loadSvm()
  expect(version).toMatch(/^\d+\.\d+\.\d+/)
  const token = create().getAccount('TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA')
  expect(token.exists && token.executable).toBe(true)
})

/** litesvm with every answer to a transaction replaced. */
function lying(answer: (svm: Svm) => ReturnType<Svm['sendTransaction']>): () => Promise<SvmLibrary> {
  return async () => {
    const litesvm = await loadSvm()
    const create = (): Svm => {
      const svm = litesvm.create()
      const wrap = (own: Svm): Svm => ({
        setAccount: (account) => own.setAccount(account),
        getAccount: (address) => own.getAccount(address),
        sendTransaction: () => answer(own),
        withSigverify: (verify) => wrap(own.withSigverify(verify)),
        withBlockhashCheck: (check) => wrap(own.withBlockhashCheck(check)),
      })
      return wrap(svm)
    }
    return { ...litesvm, create }
  }
}

const meta = { logs: () => [], computeUnitsConsumed: () => 0n }

it.each<[string, ReturnType<Svm['sendTransaction']>, RegExp]>([
  ['everything', meta, /settled there without moving its amount/],
  [
    'nothing',
    { err: () => 0, meta: () => meta, toString: () => 'F { err: AccountInUse, meta: M }' },
    /a good payment failed there with AccountInUse/,
  ],
])('one that takes %s can not be used: the controls say so', async (_, result, says) => {
  await expect(liteSvmReplayer(lying(() => result)).open(solana)).rejects.toThrow(
    expect.objectContaining({ code: 'controls-failed', message: expect.stringMatching(says) }),
  )
})
