import type { Finding } from '../../causes/finding.ts'
import { type CheckResult, skip } from '../../evidence/check.ts'
import type { Known } from '../../evidence/known.ts'
import { formatUnits } from '../../text/amount.ts'
import { type SvmFindingInput, svmFinding } from '../offer/finding.ts'
import { knownMint } from '../transaction/known-mint.ts'
import { programName, programs } from '../transaction/programs.ts'
import type { SvmAccount } from './state.ts'
import { decisiveCheck, fail, pass, type StateCheck, type StateCheckContext, stateCheck, undecodable, where } from './state-check.ts'
import { extensionsOf, readLookupTable, readMint, readTokenAccount, type TokenAccountData, type TokenExtension } from './token-data.ts'
import { feeOf } from './transaction-fee.ts'
import { createdAccounts, payeeAccount } from './wanted-accounts.ts'

/** What the token program looks at, and what the cluster looks at before that: all of it from accounts' bytes, none of it from an error. */
export const stateChecks: readonly StateCheck[] = [
  stateCheck('lookup-tables', lookupTables),
  decisiveCheck('mint', mint),
  decisiveCheck('source', source),
  decisiveCheck('destination', destination),
  stateCheck('payee', payee),
  stateCheck('created-accounts', created),
  decisiveCheck('fee-payer', feePayer),
  stateCheck('compute-units', computeUnits),
]

const onChain = (input: SvmFindingInput): Finding => svmFinding({ ...input, source: 'chain' })

/** An account as it was read: what to return when it is unknown, else the account or null. */
function looked(
  { state }: StateCheckContext,
  address: string | null | undefined,
): { readonly skip: CheckResult } | { readonly account: SvmAccount | null; readonly address: string } {
  if (address === null || address === undefined) return { skip: skip('fact-unread', 'it comes from a lookup table that could not be read') }
  const fact: Known<SvmAccount | null> | undefined = state.accounts.get(address)
  if (fact === undefined) return { skip: skip('fact-unasked', `${address} was not asked for`) }
  return fact.known ? { account: fact.value, address } : { skip: skip('fact-unread', fact.reason) }
}

function lookupTables(context: StateCheckContext): CheckResult {
  const { payment, network } = context
  const tables = payment.transaction?.lookupTables ?? []
  const findings: Finding[] = []
  for (const address of tables) {
    const found = looked(context, address)
    if ('skip' in found) return found.skip
    if (found.account !== null && readLookupTable(found.account) !== undefined) continue
    const what = found.account === null ? `does not exist on ${network.id}` : 'is an account of another kind'
    findings.push(
      onChain({
        cause: 'svm-lookup-table-unresolved',
        field: 'transaction.addressTableLookups',
        seen: address,
        summary: `The lookup table ${address} ${what}, so nobody can tell the accounts that the transaction takes from it.`,
      }),
    )
  }
  return fail(...findings)
}

function noTransfer({ payment }: StateCheckContext): CheckResult {
  return payment.transaction === null ? undecodable : skip('no-transfer', 'there is not just one TransferChecked')
}

/** No account can be of a mint that does not exist: that they are missing too says nothing more. */
function mintIsMissing({ transfer, state }: StateCheckContext): boolean {
  const fact = typeof transfer?.mint === 'string' ? state.accounts.get(transfer.mint) : undefined
  return fact?.known === true && fact.value === null
}

function mint(context: StateCheckContext): CheckResult {
  const { transfer, network, state } = context
  if (transfer === undefined) return noTransfer(context)
  const found = looked(context, transfer.mint)
  if ('skip' in found) return found.skip
  const { account, address } = found
  if (account === null) {
    return fail(
      onChain({
        cause: 'svm-wrong-cluster',
        field: 'transfer.mint',
        seen: address,
        expected: `a mint of ${network.id}`,
        summary: `The mint ${address} does not exist on ${network.id}: it is of another cluster, or no mint at all.`,
        notes: [{ source: 'chain', says: `getMultipleAccounts gave null for it ${where(state)}.` }],
      }),
    )
  }
  const data = readMint(account)
  if (data === undefined) {
    return fail(
      onChain({
        cause: 'svm-mint-invalid',
        field: 'transfer.mint',
        seen: `${account.data.length} bytes of the program ${account.owner}`,
        expected: 'a mint',
        summary: `${address} is no mint: it is ${kindOf(account)}.`,
      }),
    )
  }
  const findings: Finding[] = []
  if (account.owner !== transfer.tokenProgram) {
    findings.push(
      onChain({
        cause: 'svm-token-program-mismatch',
        field: 'transfer.tokenProgram',
        seen: transfer.tokenProgram,
        expected: account.owner,
        summary: `The mint is of ${programName(account.owner)}, and the transfer calls ${programName(transfer.tokenProgram)}.`,
        fix: `Call ${account.owner} for the transfer, and derive both token accounts with it.`,
      }),
    )
  }
  if (data.decimals !== transfer.decimals) {
    findings.push(
      onChain({
        cause: 'svm-decimals-mismatch',
        field: 'transfer.decimals',
        seen: String(transfer.decimals),
        expected: String(data.decimals),
        summary: `The transfer states ${transfer.decimals} decimals, and the mint has ${data.decimals}.`,
        fix: `State ${data.decimals} decimals and sign again.`,
      }),
    )
  }
  return fail(...findings, ...data.extensions.flatMap((extension) => mintExtension(extension, context)))
}

/** Numbers of Token-2022's extensions. Source: its `ExtensionType`. */
const extensionTypes = { transferFee: 1, memoRequired: 8, nonTransferable: 9, transferHook: 14, pausable: 26 } as const

/** Where the older and the newer fee of a transfer stand in their extension, in hundredths of a percent. */
const feeBytes = [88, 89, 106, 107] as const

function mintExtension({ type, data }: TokenExtension, { transfer, payment }: StateCheckContext): Finding[] {
  const finding = (summary: string, fix: string, severity: Finding['severity'] = 'error'): Finding[] => [
    onChain({ cause: 'svm-token-extension', severity, field: 'transfer.mint', summary, fix }),
  ]
  switch (type) {
    case extensionTypes.nonTransferable:
      return finding("The mint's tokens can not be transferred at all: they are made so.", 'Ask for another token.')
    case extensionTypes.pausable:
      return data[32] === 1
        ? finding('The issuer has paused the mint: nothing of it moves.', 'Wait for the issuer, or ask for another token.')
        : []
    case extensionTypes.transferHook: {
      const hooked = data.subarray(32, 64).some((byte) => byte !== 0)
      const accounts = payment.transaction?.instructions.find(({ meaning }) => meaning === transfer)?.accounts.length ?? 4
      return hooked && accounts <= 4
        ? finding(
            'The mint calls a program at each transfer (a transfer hook), and the transfer does not list what that needs.',
            'Ask for another token: the scheme has no place for the accounts of a hook.',
          )
        : []
    }
    case extensionTypes.transferFee:
      return feeBytes.some((at) => (data[at] ?? 0) !== 0)
        ? finding(
            'The mint may keep a fee of each transfer, so that less arrives than the offer asks for.',
            'Ask for a token without a transfer fee.',
            'warning',
          )
        : []
    default:
      return []
  }
}

function source(context: StateCheckContext): CheckResult {
  const { transfer, payment, network, state } = context
  if (transfer === undefined) return noTransfer(context)
  if (mintIsMissing(context)) return skip('moot', 'the mint does not exist, so no account can be of it')
  const found = looked(context, transfer.source)
  if ('skip' in found) return found.skip
  const { account, address } = found
  if (account === null && createdAccounts(payment).includes(address)) return pass
  const held = account === null ? undefined : readTokenAccount(account)
  if (held === undefined || held.state === 'uninitialized') {
    const owner = transfer.authority
    return fail(
      onChain({
        cause: 'svm-source-account-missing',
        field: 'transfer.source',
        variant: account === null ? 'absent' : held === undefined ? 'other-kind' : 'uninitialised',
        seen: account === null ? 'no account' : held === undefined ? kindOf(account) : 'a token account that was never initialised',
        expected: "the payer's token account",
        summary:
          account === null
            ? `The payer's token account ${address} does not exist on ${network.id}: ${owner ?? 'the payer'} has never held this token there.`
            : `The source ${address} is no token account: it is ${held === undefined ? kindOf(account) : 'one that was never initialised'}.`,
        notes: [{ source: 'chain', says: `Read ${where(state)}.` }],
        fix: `Send at least ${say(transfer.amount, context)} to ${owner ?? 'the payer'} on ${network.id}, which creates the account; then build and sign a new transaction.`,
      }),
    )
  }
  return fail(
    ...otherMint('transfer.source', address, held, context),
    ...frozen('transfer.source', "The payer's", address, held),
    ...tooLittle(address, held, context),
    ...notTheirs(address, held, context),
  )
}

function tooLittle(address: string, { amount }: TokenAccountData, context: StateCheckContext): Finding[] {
  const { transfer, state } = context
  if (transfer === undefined || amount >= transfer.amount) return []
  return [
    onChain({
      cause: 'svm-insufficient-funds',
      field: 'transfer.amount',
      seen: String(transfer.amount),
      expected: `at most ${amount}`,
      summary: `The payer's token account holds ${say(amount, context)}, and the transfer wants ${say(transfer.amount, context)}.`,
      notes: [{ source: 'chain', says: `Bytes 64 to 72 of ${address}, ${where(state)}.` }],
      fix: `Send ${say(transfer.amount - amount, context)} more to ${address}, then build and sign a new transaction.`,
    }),
  ]
}

function notTheirs(address: string, { owner, delegate }: TokenAccountData, { transfer }: StateCheckContext): Finding[] {
  if (transfer === undefined || transfer.authority === null || owner === transfer.authority) return []
  const delegated = delegate?.key === transfer.authority
  if (delegated && delegate.allowance >= transfer.amount) return []
  return [
    onChain({
      cause: 'svm-authority-mismatch',
      field: 'transfer.authority',
      seen: transfer.authority,
      expected: owner,
      summary: delegated
        ? `The payer ${transfer.authority} may move ${delegate.allowance} atomic units out of ${address}, and the transfer wants ${transfer.amount}.`
        : `The payer ${transfer.authority} signs for the token account ${address}, which belongs to ${owner}.`,
      fix: `Sign with ${owner}, or transfer out of the token account of ${transfer.authority}.`,
    }),
  ]
}

function destination(context: StateCheckContext): CheckResult {
  const { transfer, payment, network, payee } = context
  const asked = payeeAccount(payment, network)
  const address = transfer === undefined ? asked : transfer.destination
  if (address === undefined) return skip('no-offer', 'neither a transfer nor an offer names one')
  if (mintIsMissing(context)) return skip('moot', 'the mint does not exist, so no account can be of it')
  const found = looked(context, address)
  if ('skip' in found) return found.skip
  if (found.account === null && createdAccounts(payment).includes(found.address)) return pass
  const held = found.account === null ? undefined : readTokenAccount(found.account)
  const payTo = payment.requirements?.payTo
  const own = asked === undefined || found.address === asked
  if (held === undefined || held.state === 'uninitialized') {
    const kind = held === undefined && found.account !== null ? kindOf(found.account) : 'a token account that was never initialised'
    const state = {
      field: 'transfer.destination',
      variant: found.account === null ? 'absent' : held === undefined ? 'other-kind' : 'uninitialised',
      seen: found.account === null ? 'no account' : kind,
    } as const
    const summary =
      found.account === null
        ? `The payee's token account ${found.address} does not exist on ${network.id}, so nothing can be paid to ${payTo ?? 'it'}.`
        : `The destination ${found.address} can not take tokens: it is ${kind}.`
    const notes = [{ source: 'chain', says: `Read ${where(context.state)}.` }] as const
    // Another account than the payee's would not have to exist: that it is another one is what is wrong.
    if (!own) {
      const expected = payee.kind === 'wallet' && asked !== undefined ? asked : "the payee's token account"
      return fail(onChain({ ...state, cause: 'svm-recipient-mismatch', expected, summary, notes }))
    }
    // An account inside payTo's own is not to be made: what is wrong is payTo.
    if (payee.kind === 'token-account' || payee.kind === 'no-account') return pass
    const creation = `spl-token create-account ${transfer?.mint ?? network.mint} --owner ${payTo ?? '<payTo>'} --fee-payer <key>`
    return fail(
      onChain({
        ...state,
        cause: 'svm-destination-account-missing',
        expected: "the payee's token account",
        summary,
        notes,
        fix:
          payee.kind === 'unknown'
            ? `Put the owner of that token account into payTo, where ${payTo ?? 'payTo'} is one; only a multisig's or a program's own wallet is paid at this account, and creates it once.`
            : `The payee creates it once, for about 0.002 SOL: ${creation}. Then a new transaction is needed, because the blockhash will be old.`,
      }),
    )
  }
  return fail(
    ...otherMint('transfer.destination', found.address, held, context),
    ...frozen('transfer.destination', "The payee's", found.address, held),
    ...(own && asked !== undefined && payTo !== undefined && held.owner !== payTo ? [handedOver(found.address, held.owner, payTo)] : []),
    ...(found.account === null ? [] : memoFirst(found.account, context)),
  )
}

function handedOver(address: string, owner: string, payTo: string): Finding {
  return onChain({
    cause: 'svm-destination-owner-changed',
    field: 'transfer.destination',
    seen: owner,
    expected: payTo,
    summary: `The payee's token account ${address} belongs to ${owner} and not to ${payTo}: the transfer succeeds, and the money is not the payee's.`,
  })
}

/** An account that only takes a transfer right behind a memo: the scheme has its memo behind the transfer. */
function memoFirst({ data }: SvmAccount, { payment, transfer }: StateCheckContext): Finding[] {
  const wants = extensionsOf(data).some((extension) => extension.type === extensionTypes.memoRequired && extension.data[0] === 1)
  const instructions = payment.transaction?.instructions ?? []
  const place = instructions.findIndex(({ meaning }) => meaning === transfer)
  if (!wants || instructions[place - 1]?.meaning.kind === 'memo') return []
  return [
    onChain({
      cause: 'svm-token-extension',
      field: 'transfer.destination',
      summary: "The payee's token account takes transfers only behind a memo, and the scheme has the memo after the transfer.",
      fix: 'The payee turns the required memo off (spl-token disable-required-transfer-memos), or uses another payTo.',
    }),
  ]
}

function otherMint(field: string, address: string, held: TokenAccountData, { transfer }: StateCheckContext): Finding[] {
  if (transfer === undefined || transfer.mint === null || held.mint === transfer.mint) return []
  return [
    onChain({
      cause: 'svm-mint-mismatch',
      field,
      seen: held.mint,
      expected: transfer.mint,
      summary: `The token account ${address} is of the mint ${held.mint}, and the transfer names ${transfer.mint}.`,
    }),
  ]
}

function frozen(field: string, whose: string, address: string, { state }: TokenAccountData): Finding[] {
  if (state !== 'frozen') return []
  return [
    onChain({
      cause: 'svm-account-frozen',
      field,
      seen: 'frozen',
      expected: 'not frozen',
      summary: `${whose} token account ${address} is frozen: the mint's issuer has locked it.`,
    }),
  ]
}

/** payTo has to be a wallet: tokens are paid to its token account, and an account inside a token account is nobody's to use. */
function payee(context: StateCheckContext): CheckResult {
  const { payment, network, payee: found } = context
  const payTo = payment.requirements?.payTo
  if (payTo === undefined) return skip('no-offer', 'the offer has no payTo')
  const read = looked(context, payTo)
  if ('skip' in read) return read.skip
  const findings: Finding[] = []
  if (found.kind === 'token-account' && found.shownBy === 'chain') {
    findings.push(
      onChain({
        cause: 'svm-recipient-mismatch',
        party: 'server',
        field: 'requirements.payTo',
        seen: payTo,
        expected: found.owner,
        summary: `The offer's payTo ${payTo} is itself a token account, of ${found.owner}; payTo has to be the wallet.`,
        notes: [{ source: 'chain', says: `Read ${where(context.state)}.` }],
        fix: `Put the owner of that token account into payTo: ${found.owner}.`,
      }),
    )
  } else if (found.kind === 'no-account' && read.account !== null) {
    findings.push(
      onChain({
        cause: 'svm-recipient-mismatch',
        party: 'server',
        field: 'requirements.payTo',
        seen: payTo,
        expected: 'the address of a wallet',
        summary: `The offer's payTo ${payTo} is ${found.what}: nothing that is paid there is anybody's.`,
        notes: [{ source: 'chain', says: `Read ${where(context.state)}.` }],
        fix: "Put the payee's own wallet into payTo.",
      }),
    )
  }
  const asked = payeeAccount(payment, network)
  const account =
    asked === undefined || asked === context.transfer?.destination || context.transfer === undefined ? undefined : looked(context, asked)
  if (account !== undefined && 'account' in account && account.account === null && found.kind === 'wallet') {
    findings.push(
      onChain({
        cause: 'svm-destination-account-missing',
        severity: 'warning',
        field: 'requirements.payTo',
        variant: 'absent',
        seen: 'no account',
        summary: `The token account ${account.address}, where ${payTo} would be paid, does not exist on ${network.id} either.`,
      }),
    )
  }
  return fail(...findings)
}

/** Create, unlike CreateIdempotent, fails on an account that is there. */
function created(context: StateCheckContext): CheckResult {
  const { payment } = context
  const findings: Finding[] = []
  for (const [index, { meaning, accounts }] of (payment.transaction?.instructions ?? []).entries()) {
    if (meaning.kind !== 'create-token-account' || meaning.idempotent) continue
    const found = looked(context, accounts[1])
    if ('skip' in found) return found.skip
    if (found.account === null || found.account.owner === programs.system) continue
    findings.push(
      onChain({
        cause: 'svm-creates-token-account',
        field: `instructions[${index}]`,
        seen: 'Create',
        expected: 'no such instruction',
        summary: `Instruction ${index} creates the token account ${found.address}, which exists already: it fails with IllegalOwner.`,
      }),
    )
  }
  return fail(...findings)
}

function feePayer(context: StateCheckContext): CheckResult {
  const { payment, state } = context
  if (payment.transaction === null) return undecodable
  const found = looked(context, payment.transaction.feePayer)
  if ('skip' in found) return found.skip
  const { account, address } = found
  const fee = feeOf(payment.transaction)
  const broke = (seen: string, expected: string, summary: string): CheckResult =>
    fail(
      onChain({
        cause: 'svm-fee-payer-funds',
        field: 'transaction.feePayer',
        seen,
        expected,
        summary,
        notes: [{ source: 'chain', says: `Its lamports ${where(state)}.` }],
        fix: `Facilitator: send SOL to ${address}. The same transaction settles if its blockhash still lives.`,
      }),
    )
  if (account === null || account.lamports === 0n)
    return broke('no account', `${fee} lamports and more`, `The fee payer ${address} has no account: it has no lamports at all.`)
  if (account.owner !== programs.system)
    return broke(
      `an account of ${account.owner}`,
      'a wallet',
      `The fee payer ${address} is an account of the program ${account.owner}, which can not pay fees.`,
    )
  const { lamports } = account
  if (lamports < fee)
    return broke(String(lamports), `at least ${fee}`, `The fee payer ${address} has ${lamports} lamports, and the fee is ${fee}.`)
  const left = lamports - fee
  const rent = state.rent.known ? state.rent.value : usualRent
  if (left > 0n && left < rent) {
    return broke(
      String(lamports),
      `${fee}, or at least ${fee + rent}`,
      `The fee of ${fee} would leave the fee payer ${address} with ${left} lamports, where an account has to keep ${rent}.`,
    )
  }
  return pass
}

/** What an account without data has to keep, in lamports, for as long as anybody remembers. */
const usualRent = 890_880n

/** Whether the units suffice only a run tells: the node's, whose programs are the cluster's own. */
function computeUnits({ state, payment }: StateCheckContext): CheckResult {
  const { fresh } = state.simulated
  if (!fresh.known) return skip('fact-unread', fresh.reason)
  const limit = payment.transaction?.instructions.map(({ meaning }) => meaning).find((meaning) => meaning.kind === 'compute-limit')
  if (!ranOut(fresh.value.error, fresh.value.logs)) return pass
  const units = limit?.kind === 'compute-limit' ? limit.units : undefined
  return fail(
    onChain({
      cause: 'svm-compute-limit',
      field: 'instructions[0]',
      seen: units === undefined ? 'no limit' : String(units),
      expected: 'about 20000',
      summary: `The compute limit of ${units ?? 'the cluster'} units does not suffice: the simulation ran out of them.`,
      notes: [{ source: 'chain', says: `simulateTransaction: ${JSON.stringify(fresh.value.error)}.` }],
    }),
  )
}

/** Whether a run failed for want of compute units. Newer clusters have an error of its own for it. */
export function ranOut(error: unknown, logs: readonly string[]): boolean {
  if (error === null || error === undefined) return false
  return (
    logs.some((line) => /exceeded CUs meter|exceeded maximum number of instructions/.test(line)) ||
    /ComputationalBudgetExceeded/.test(JSON.stringify(error))
  )
}

function say(amount: bigint, { transfer, network, state }: StateCheckContext): string {
  const account = transfer?.mint === null || transfer === undefined ? undefined : state.accounts.get(transfer.mint)
  const data = account?.known && account.value !== null ? readMint(account.value) : undefined
  if (data === undefined) return `${amount} atomic units`
  return `${formatUnits(amount, data.decimals)} ${transfer?.mint === network.mint ? 'USDC' : (knownMint(transfer?.mint)?.symbol ?? 'tokens')}`
}

function kindOf(account: SvmAccount): string {
  if (readMint(account) !== undefined) return 'a mint'
  if (readTokenAccount(account) !== undefined) return 'a token account'
  if (account.owner === programs.system) return 'a wallet'
  return `an account of the program ${account.owner}`
}
