import { Keypair, PublicKey, TransactionInstruction, TransactionMessage, VersionedTransaction } from '@solana/web3.js'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import type { SolanaNetwork } from '../../networks/network.ts'
import type { SvmAccount } from '../state/state.ts'
import { readTokenAccount } from '../state/token-data.ts'
import { errorKey } from '../state/transaction-error.ts'
import { programs } from '../transaction/programs.ts'
import { associatedTokenAccount } from '../transaction/token-account.ts'
import { transferOf } from '../transaction/transfer.ts'
import { edited } from './edited.ts'
import type { SvmIntervention } from './intervention.ts'
import type { Svm, SvmLibrary, SvmResult } from './open-svm.ts'
import type { SvmChain, SvmOutcome } from './svm-chain.ts'
import { mintAccount, type SvmWorld, tokenAccount, wallet } from './world.ts'

/** @throws Eip3009Error `controls-failed` when a good payment does not settle, or a broken one does. */
export async function openSvmChain(library: SvmLibrary, network: SolanaNetwork): Promise<SvmChain> {
  const controls = await showControls(library, network)
  const svm = library.create()
  return {
    description: `litesvm ${library.version}`,
    controls,
    knows: (program) => {
      const account = svm.getAccount(program)
      return account.exists && account.executable
    },
    replay: async (payment, destination, world, interventions) => {
      const { bytes, transaction } = payment
      if (bytes === null || transaction === null)
        throw new Eip3009Error('internal', 'A transaction that can not be decoded was to be replayed; please report this.')
      const whole = bytes.subarray(0, bytes.length - transaction.trailingBytes)
      const source = transferOf(transaction)?.source
      const outcome = await run(library, edited(whole, interventions), { source, destination }, changed(world, interventions))
      return { interventions, ...outcome }
    },
  }
}

function changed(world: SvmWorld, interventions: readonly SvmIntervention[]): SvmWorld {
  const accounts = new Map(world.accounts)
  for (const each of interventions) if (each.kind === 'account') accounts.set(each.address, each.change(accounts.get(each.address) ?? null))
  return { ...world, accounts, blockhash: interventions.some(({ kind }) => kind === 'blockhash') ? 'alive' : world.blockhash }
}

async function run(
  library: SvmLibrary,
  transaction: VersionedTransaction,
  { source, destination }: { readonly source: string | null | undefined; readonly destination: string | null },
  world: SvmWorld,
): Promise<Omit<SvmOutcome, 'interventions'>> {
  // Each has 8 MB of native memory, which is only given back when the event loop turns.
  await new Promise((resolve) => setTimeout(resolve, 0))
  // With the check on, no blockhash of a cluster is one of its own, which is just what a dead one is.
  const svm = library
    .create()
    .withSigverify(false)
    .withBlockhashCheck(world.blockhash === 'dead')
  for (const [address, account] of world.accounts) {
    // Programs are litesvm's own, and so are the sysvars: it aborts the process on one that it can not read.
    if (account !== null && !account.executable && !address.startsWith('Sysvar')) place(svm, address, account)
  }
  const watched = [...new Set([source, destination])].filter((address) => typeof address === 'string')
  const amounts = (): readonly (bigint | null)[] => watched.map((address) => amountAt(svm, address))
  const before = amounts()
  const message = transaction.message.serialize()
  const signatures = Object.fromEntries(transaction.signatures.map((signature, index) => [String(index), signature]))
  const result = svm.sendTransaction({ messageBytes: message, signatures })
  const after = amounts()
  const balances = watched.flatMap((address, index) => {
    const [first, last] = [before[index] ?? null, after[index] ?? null]
    return first === null && last === null ? [] : [{ address, before: first ?? 0n, after: last ?? 0n }]
  })
  const paid = amountAt(svm, destination)
  const meta = 'err' in result ? result.meta() : result
  return {
    error: errorOf(result),
    logs: meta.logs(),
    units: meta.computeUnitsConsumed(),
    received: paid === null ? null : paid - (balances.find(({ address }) => address === destination)?.before ?? 0n),
    balances,
  }
}

function place(svm: Svm, address: string, { lamports, data, owner, executable }: SvmAccount): void {
  svm.setAccount({ address, lamports, data, programAddress: owner, executable, space: BigInt(data.length) })
}

function amountAt(svm: Svm, address: string | null): bigint | null {
  const account = address === null ? undefined : svm.getAccount(address)
  if (account === undefined || !account.exists) return null
  // Whose program it is was set by us or by the program itself: the length and the layout are what matters here.
  return readTokenAccount({ owner: programs.token, lamports: account.lamports, data: account.data, executable: false })?.amount ?? null
}

/**
 * The error as JSON-RPC has it, null where there is none. litesvm's own enums have no values at run time, so it is read from Rust's debug form:
 * `err: InstructionError(2, Custom(1)), meta: …`.
 */
function errorOf(result: SvmResult): unknown {
  if (!('err' in result)) return null
  const text = /err: (.*?), meta: /s.exec(result.toString())?.[1] ?? String(result.err())
  const instruction = /^InstructionError\((\d+), (.*)\)$/s.exec(text)
  if (instruction !== null) {
    const custom = /^Custom\((\d+)\)$/.exec(instruction[2] ?? '')
    return { InstructionError: [Number(instruction[1]), custom === null ? (instruction[2] ?? '') : { Custom: Number(custom[1]) }] }
  }
  const indexed = /^(\w+) \{ account_index: (\d+) \}$/.exec(text)
  if (indexed !== null) return { [indexed[1] ?? '']: { account_index: Number(indexed[2]) } }
  const numbered = /^(\w+)\((\d+)\)$/.exec(text)
  return numbered === null ? text : { [numbered[1] ?? '']: Number(numbered[2]) }
}

/** A transfer that web3.js alone has built settles, and the same one without the money fails as the token program says. */
async function showControls(library: SvmLibrary, network: SolanaNetwork): Promise<readonly string[]> {
  const invalid = (what: string): Eip3009Error =>
    new Eip3009Error('controls-failed', `litesvm ${library.version} can not be used, and nothing that it shows would count: ${what}.`)
  const [payer, payee, facilitator] = [1, 2, 3].map((seed) => Keypair.fromSeed(new Uint8Array(32).fill(seed)).publicKey.toBase58()) as [
    string,
    string,
    string,
  ]
  const amount = 7n
  const [source, destination] = [payer, payee].map((owner) => associatedTokenAccount(owner, network.tokenProgram, network.mint)) as [
    string,
    string,
  ]
  const world = (balance: bigint): SvmWorld => ({
    accounts: new Map([
      [network.mint, mintAccount(network.tokenProgram, network.decimals)],
      [source, tokenAccount(network.tokenProgram, network.mint, payer, balance)],
      [destination, tokenAccount(network.tokenProgram, network.mint, payee, 0n)],
      [facilitator, wallet(1_000_000_000n)],
    ]),
    blockhash: 'alive',
    read: new Set(),
    payee: { kind: 'unnamed' },
    says: '',
  })
  const transaction = controlTransfer(network, { payer, facilitator, source, destination, amount })
  const good = await run(library, transaction, { source, destination }, world(amount))
  if (good.error !== null) throw invalid(`a good payment failed there with ${errorKey(good.error)}`)
  if (good.received !== amount) throw invalid('a good payment settled there without moving its amount')
  const broken = await run(library, transaction, { source, destination }, world(amount - 1n))
  const expected = { InstructionError: [0, { Custom: 1 }] }
  if (errorKey(broken.error) !== errorKey(expected))
    throw invalid(`a payment without the money ended with ${errorKey(broken.error) || 'success'} there, and not with ${errorKey(expected)}`)
  return ['A good payment settled.', 'The same payment without the money failed with Custom(1), insufficient funds.']
}

function controlTransfer(
  { mint, decimals, tokenProgram }: SolanaNetwork,
  {
    payer,
    facilitator,
    source,
    destination,
    amount,
  }: {
    readonly payer: string
    readonly facilitator: string
    readonly source: string
    readonly destination: string
    readonly amount: bigint
  },
): VersionedTransaction {
  const data = new Uint8Array(10)
  data[0] = 12
  new DataView(data.buffer).setBigUint64(1, amount, true)
  data[9] = decimals
  const account = (key: string, isSigner: boolean, isWritable: boolean): TransactionInstruction['keys'][number] => ({
    pubkey: new PublicKey(key),
    isSigner,
    isWritable,
  })
  const keys = [account(source, false, true), account(mint, false, false), account(destination, false, true), account(payer, true, false)]
  const instruction = new TransactionInstruction({ programId: new PublicKey(tokenProgram), keys, data: data as Buffer })
  return new VersionedTransaction(
    new TransactionMessage({
      payerKey: new PublicKey(facilitator),
      recentBlockhash: mint,
      instructions: [instruction],
    }).compileToV0Message(),
  )
}
