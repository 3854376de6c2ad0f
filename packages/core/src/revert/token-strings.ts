import type { CauseId } from '../causes/catalogue.ts'
import { callsOf, familiesThatSay } from '../tokens/ask-model.ts'
import { type TokenFamily, tokenFamilies } from '../tokens/models.ts'
import { causesOf } from './check-causes.ts'
import type { Checkpoint } from './decoded.ts'
import { emptyRevert, failedInBatch, refusedSignature, spentNonce, tooEarly, tooLate } from './suspects.ts'

/** What a revert string of a contract says about a payment. */
export interface KnownString {
  readonly text: string
  /** What can really have caused it, the likeliest first; empty for strings that say nothing about a payment. */
  readonly causes: readonly CauseId[]
  /** The check that failed, where the string is one of tokens whose order of checks is known. */
  readonly checkpoint?: Checkpoint
}

const badV: readonly CauseId[] = ['v-0-or-1', 'signature-byte-order']
const badS: readonly CauseId[] = ['high-s', 'signature-byte-order']
const badLength: readonly CauseId[] = ['signature-length', 'compact-eip2098', 'smart-wallet-signature', 'signature-byte-order']
const tooLittle: readonly CauseId[] = ['insufficient-balance', 'amount-units-wrong', 'asset-mismatch']
const notThePayee: readonly CauseId[] = ['primary-type-mismatch', 'facilitator-config-drift']
const allowance: readonly CauseId[] = ['permit2-allowance-missing']
const fourOhThreeSeven: readonly CauseId[] = ['smart-wallet-signature', 'eip7702-payer']

/**
 * Words that other contracts use too, in another order, and what these mean by them besides: nothing follows from them unless the token is known.
 */
const common: ReadonlyMap<string, readonly CauseId[]> = new Map([
  ['Pausable: paused', []],
  ['ERC20: transfer amount exceeds balance', []],
  ['ERC20: transfer from the zero address', []],
  ['ERC20: transfer to the zero address', []],
  // Coinbase's extended-optimism-mintable-token says it of the caller, before everything else.
  ['Blacklistable: account is blacklisted', ['relayer-blocked']],
])

/** Strings of the tokens whose order of checks is known: what each of them answers to each of its checks. */
const modelledStrings: readonly KnownString[] = distinct(tokenFamilies.flatMap(stringsOf)).map((text): KnownString => {
  const said = familiesThatSay(text)
  const check = said[0]?.checks[0]
  const meant = said.flatMap(({ family, checks }) => checks.flatMap((each) => callsOf(family).flatMap((call) => causesOf(call, each))))
  return {
    text,
    causes: distinct([...meant, ...(common.get(text) ?? [])]),
    ...(check === undefined ? {} : { checkpoint: { check, families: said.map(({ family }) => family), shared: common.has(text) } }),
  }
})

function stringsOf(family: TokenFamily): string[] {
  return callsOf(family).flatMap(({ call }) => Object.values(call.words).flatMap((words) => ('text' in words ? [words.text] : [])))
}

function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)]
}

/** Other strings that stand on the path of an authorization: of Circle's sources, of EIP-3009's reference code, of OpenZeppelin's contracts 4. */
const paymentStrings: readonly KnownString[] = [
  { text: 'FiatTokenV2_2: Account is blacklisted', causes: ['blacklisted'] },
  { text: 'FiatTokenV2: permit is expired', causes: ['expired'] },
  { text: 'EIP2612: invalid signature', causes: refusedSignature },
  { text: 'FiatTokenV2_2: Balance exceeds (2^255 - 1)', causes: [] },
  { text: 'FiatTokenUtil: call failed', causes: failedInBatch },
  { text: 'FiatTokenUtil: length of signatures is invalid', causes: ['signature-length', 'malformed-field'] },
  { text: 'FiatTokenUtil: length of params is invalid', causes: ['malformed-field'] },
  { text: 'FiatTokenUtil: no transfer provided', causes: ['malformed-field'] },
  // Tokens that follow EIP-3009's reference code.
  { text: 'EIP3009: authorization is not yet valid', causes: tooEarly },
  { text: 'EIP3009: authorization is expired', causes: tooLate },
  { text: 'EIP3009: authorization has expired', causes: tooLate },
  { text: 'EIP3009: authorization is used', causes: spentNonce },
  { text: 'EIP3009: authorization is used or canceled', causes: spentNonce },
  { text: 'EIP3009: caller must be the payee', causes: notThePayee },
  { text: 'EIP3009: invalid signature', causes: refusedSignature },
  // Of other tokens of Tether's, which may look at the payee, too.
  { text: 'Blocked: transfers are blocked for user', causes: ['blacklisted'] },
  { text: 'Blocked: account is blocked', causes: ['blacklisted'] },
  // OpenZeppelin contracts 4.
  { text: 'ECDSA: invalid signature', causes: refusedSignature },
  { text: 'ECDSA: invalid signature length', causes: badLength },
  { text: "ECDSA: invalid signature 's' value", causes: badS },
  { text: "ECDSA: invalid signature 'v' value", causes: badV },
  { text: 'ERC20Permit: expired deadline', causes: ['expired'] },
  { text: 'ERC20Permit: invalid signature', causes: refusedSignature },
  { text: 'ERC20Pausable: token transfer while paused', causes: ['paused'] },
  { text: 'Permit: permit is expired', causes: ['expired'] },
  { text: 'Permit: invalid signature', causes: refusedSignature },
  { text: 'SafeERC20: low-level call failed', causes: ['masked-reason'] },
  { text: 'SafeERC20: ERC20 operation did not succeed', causes: ['masked-reason'] },
  { text: 'SafeERC20: permit did not succeed', causes: refusedSignature },
  { text: 'Address: call to non-contract', causes: ['asset-has-no-code', 'rpc-wrong-chain'] },
  { text: 'Address: low-level call failed', causes: emptyRevert },
  { text: 'Address: low-level delegate call failed', causes: emptyRevert },
  { text: 'Address: low-level static call failed', causes: emptyRevert },
  { text: 'Function call not successful', causes: ['masked-reason'] },
  // A transfer by authorization asks for no allowance: these are of a transferFrom, which is how Permit2 moves tokens.
  { text: 'TRANSFER_FROM_FAILED', causes: ['permit2-allowance-missing', 'insufficient-balance', 'masked-reason'] },
  { text: 'ERC20: transfer amount exceeds allowance', causes: allowance },
  { text: 'ERC20: insufficient allowance', causes: allowance },
  { text: 'Multicall3: call failed', causes: failedInBatch },
  { text: 'Multicall aggregate: call failed', causes: failedInBatch },
  { text: 'Multicall3: value mismatch', causes: [] },
]

/** Strings of the same contracts that no payment runs into: administration, minting, upgrades. Known, so that they are not "unknown". */
const otherStrings: readonly string[] = [
  'Blacklistable: caller is not the blacklister',
  'Blacklistable: new blacklister is the zero address',
  'Ownable: caller is not the owner',
  'Ownable: new owner is the zero address',
  'FiatToken: contract is already initialized',
  'FiatToken: new masterMinter is the zero address',
  'FiatToken: new pauser is the zero address',
  'FiatToken: new blacklister is the zero address',
  'FiatToken: new owner is the zero address',
  'FiatToken: caller is not a minter',
  'FiatToken: mint to the zero address',
  'FiatToken: mint amount not greater than 0',
  'FiatToken: mint amount exceeds minterAllowance',
  'FiatToken: caller is not the masterMinter',
  'FiatToken: burn amount not greater than 0',
  'FiatToken: burn amount exceeds balance',
  'ERC20: approve from the zero address',
  'ERC20: approve to the zero address',
  'ERC20: decreased allowance below zero',
  'Pausable: caller is not the pauser',
  'Pausable: new pauser is the zero address',
  'Pausable: not paused',
  'Rescuable: caller is not the rescuer',
  'Rescuable: new rescuer is the zero address',
  'FiatTokenV2_2: Blacklisting previously unblacklisted account!',
  'FiatTokenCeloV2_2: caller is not the fee caller',
  'FiatTokenCeloV2_2: Must fully credit before debit',
  'FiatTokenCeloV2_2: Either no debit or mismatched debit',
  'FiatTokenCeloV2_2: Must reserve > 0 gas',
  'FiatTokenFeeAdapterV1: caller is not VM',
  'FiatTokenFeeAdapterV1: Token decimals must be < adapter decimals',
  'FiatTokenFeeAdapterV1: Digit difference too large',
  'FiatTokenFeeAdapterV1: Must fully credit before debit',
  'FiatTokenFeeAdapterV1: Cannot credit more than debited',
  'Failed to withdraw FiatToken',
  'V2Upgrader: 0.2 FiatToken needed',
  'V2Upgrader: metadata test failed',
  'V2Upgrader: balanceOf test failed',
  'V2Upgrader: transfer test failed',
  'V2Upgrader: approve/transferFrom test failed',
  'V2_1Upgrader: 0.2 FiatToken needed',
  'V2_1Upgrader: metadata test failed',
  'V2_1Upgrader: balanceOf test failed',
  'V2_1Upgrader: transfer test failed',
  'V2_1Upgrader: approve/transferFrom test failed',
  'V2_2Upgrader: 0.2 FiatToken needed',
  'V2_2Upgrader: metadata test failed',
  'V2_2Upgrader: symbol not updated',
  'V2_2Upgrader: balanceOf test failed',
  'V2_2Upgrader: transfer test failed',
  'V2_2Upgrader: approve/transferFrom test failed',
  'Cannot set a proxy implementation to a non-contract address',
  'Cannot change the admin of a proxy to the zero address',
  'Cannot call fallback function from the proxy admin',
  'Controller must be a non-zero address',
  'Worker must be a non-zero address',
  'The value of controllers[msg.sender] must be non-zero',
  'Can only increment allowance for minters in minterManager',
  'Can only decrement allowance for minters in minterManager',
  'Allowance increment must be greater than 0',
  'Allowance decrement must be greater than 0',
  'Initializable: contract is already initialized',
  'Initializable: contract is not initializing',
  'ReentrancyGuard: reentrant call',
]

/** Reasons of ERC-4337's EntryPoint (`AA21 didn't pay prefund`), by their code. Source: account-abstraction 0.6 and 0.7. */
const entryPointReasons: Readonly<Record<string, readonly CauseId[]>> = {
  AA20: ['smart-wallet-signature'],
  AA21: ['facilitator-out-of-gas-money'],
  AA22: ['expired', 'not-yet-valid'],
  AA23: fourOhThreeSeven,
  AA24: fourOhThreeSeven,
  AA25: ['facilitator-nonce'],
  AA26: ['facilitator-gas-limit'],
  AA31: ['facilitator-out-of-gas-money'],
  AA40: ['facilitator-gas-limit'],
  AA41: ['facilitator-gas-limit'],
  AA51: ['facilitator-out-of-gas-money'],
  AA95: ['facilitator-gas-limit'],
}

/** Error codes of Safe (`GS026`). Source: safe-smart-account docs/error_codes.md. */
const safeReasons: Readonly<Record<string, { readonly means: string; readonly causes: readonly CauseId[] }>> = {
  GS000: { means: 'could not finish initialization', causes: [] },
  GS001: { means: 'threshold needs to be defined', causes: ['smart-wallet-signature'] },
  GS002: { means: 'could not call the initializer: no contract there', causes: [] },
  GS010: { means: 'not enough gas to execute the Safe transaction', causes: ['facilitator-gas-limit'] },
  GS011: { means: 'could not pay the gas in ether', causes: ['facilitator-out-of-gas-money'] },
  GS012: { means: 'could not pay the gas in a token', causes: [] },
  GS013: { means: 'the Safe transaction failed, with no gas price and no gas limit set', causes: ['masked-reason'] },
  GS020: { means: 'signatures data too short', causes: ['smart-wallet-signature', 'signature-length'] },
  GS021: { means: 'contract signature points inside the static part', causes: ['smart-wallet-signature', 'signature-byte-order'] },
  GS022: { means: 'contract signature begins outside of the data', causes: ['smart-wallet-signature', 'signature-byte-order'] },
  GS023: { means: 'contract signature ends outside of the data', causes: ['smart-wallet-signature', 'signature-length'] },
  GS024: { means: 'contract signature is not valid', causes: ['smart-wallet-signature'] },
  GS025: { means: 'hash has not been approved', causes: ['smart-wallet-signature'] },
  GS026: { means: 'an owner signature is not valid', causes: ['smart-wallet-signature', 'signer-not-owner', 'domain-name-mismatch'] },
  GS030: { means: 'only owners can approve a hash', causes: ['signer-not-owner'] },
  GS031: { means: 'only the Safe itself may call this', causes: [] },
  GS100: { means: 'modules are set up already', causes: [] },
  GS101: { means: 'not a module address', causes: [] },
  GS102: { means: 'module was added already', causes: [] },
  GS103: { means: 'previous module does not match', causes: [] },
  GS104: { means: 'the caller is not an enabled module', causes: [] },
  GS105: { means: 'invalid start of the page of modules', causes: [] },
  GS106: { means: 'invalid size of the page of modules', causes: [] },
  GS200: { means: 'owners are set up already', causes: [] },
  GS201: { means: 'threshold is higher than the number of owners', causes: [] },
  GS202: { means: 'threshold must be one at least', causes: [] },
  GS203: { means: 'not an owner address', causes: [] },
  GS204: { means: 'address is an owner already', causes: [] },
  GS205: { means: 'previous owner does not match', causes: [] },
  GS300: { means: 'guard does not support its interface', causes: [] },
  GS400: { means: 'fallback handler cannot be the Safe itself', causes: [] },
}

/**
 * What tokens say after a prefix of their own ("MyToken: authorization is used"), in lower case. Only the end of a revert string is
 * compared, so that no family and no order of checks follows from it.
 */
const endings: readonly (readonly [ending: string, causes: readonly CauseId[]])[] = [
  ['authorization is used or canceled', spentNonce],
  ['authorization is used', spentNonce],
  ['authorization already used', spentNonce],
  ['authorization is already used', spentNonce],
  ['authorization is not yet valid', tooEarly],
  ['authorization not yet valid', tooEarly],
  ['authorization is expired', tooLate],
  ['authorization has expired', tooLate],
  ['authorization expired', tooLate],
  ['caller must be the payee', notThePayee],
  ["invalid signature 's' value", badS],
  ["invalid signature 'v' value", badV],
  ['invalid signature length', badLength],
  ['invalid signature', refusedSignature],
  ['invalid-signature', refusedSignature],
  ['transfer amount exceeds balance', tooLittle],
  ['transfer amount exceeds allowance', allowance],
  ['insufficient allowance', allowance],
  ['insufficient-balance', ['insufficient-balance']],
  ['transfers are blocked for user', ['blacklisted']],
  ['account is blacklisted', ['blacklisted']],
  ['address frozen', ['blacklisted']],
  ['token transfer while paused', ['paused']],
]

const exact: ReadonlyMap<string, KnownString> = new Map(
  [...otherStrings.map((text): KnownString => ({ text, causes: [] })), ...paymentStrings, ...modelledStrings].map((known) => [
    known.text,
    known,
  ]),
)

/** Every revert string that is known by heart. */
export const knownStrings: readonly KnownString[] = [...exact.values()]

/** What is known about a revert string; undefined when nothing is. */
export function findString(text: string): KnownString | undefined {
  const trimmed = text.trim()
  const known = exact.get(trimmed) ?? exact.get(trimmed.replace(/[!.]$/, ''))
  if (known !== undefined) return known
  const code = trimmed.slice(0, 5)
  const safe = Object.hasOwn(safeReasons, code) ? safeReasons[code] : undefined
  if (safe !== undefined && trimmed.length === 5) return { text: `${code}: ${safe.means}`, causes: safe.causes }
  const entryPoint = entryPointCauses(trimmed)
  if (entryPoint !== undefined) return { text: trimmed, causes: entryPoint }
  const lower = trimmed.toLowerCase()
  const ending = endings.find(([end]) => lower.endsWith(end) && boundary(lower, lower.length - end.length))
  return ending && { text: trimmed, causes: ending[1] }
}

/** What an EntryPoint's reason means for a payment: the codes AA10 to AA96 in front of a few words. */
function entryPointCauses(reason: string): readonly CauseId[] | undefined {
  if (!/^AA\d\d(?: |$)/.test(reason)) return undefined
  const code = reason.slice(0, 4)
  return Object.hasOwn(entryPointReasons, code) ? entryPointReasons[code] : ['smart-wallet-signature']
}

function boundary(text: string, at: number): boolean {
  const before = text[at - 1]
  return before === undefined || before === ' ' || before === ':' || before === '/'
}

/** A known string that stands in a longer text. */
export interface FoundString {
  readonly known: KnownString
  readonly at: number
}

// Safe's codes are looked for by their form: thirty searches for five letters each would cost more than one.
const safeCode = /\bGS[0-4]\d\d\b/
const entryPointCode = /\bAA[1-9]\d [a-zA-Z][a-zA-Z0-9' ]{2,60}/

/** The first known revert string in `text`, the longest where two begin at the same place. */
export function findStringIn(text: string): FoundString | undefined {
  let found: FoundString | undefined
  const offer = (known: KnownString, at: number): void => {
    if (at < 0) return
    if (found === undefined || at < found.at || (at === found.at && known.text.length > found.known.text.length)) found = { known, at }
  }
  for (const known of knownStrings) offer(known, text.indexOf(known.text))
  for (const form of [safeCode, entryPointCode]) {
    const match = form.exec(text)
    const known = match === null ? undefined : findString(match[0])
    if (match !== null && known !== undefined) offer(known, match.index)
  }
  return found ?? findEndingIn(text)
}

/** A phrase of `endings` behind a prefix (`MyToken: `) or a quote, for tokens with a prefix of their own. */
function findEndingIn(text: string): FoundString | undefined {
  const lower = text.toLowerCase()
  for (const [ending, causes] of endings) {
    // "…: invalid signature" is what every second facilitator says.
    if (ending === 'invalid signature') continue
    const at = lower.indexOf(ending)
    if (at >= 0 && /(?:^|[:'"`] ?)$/.test(lower.slice(Math.max(0, at - 2), at))) {
      return { known: { text: text.slice(at, at + ending.length), causes }, at }
    }
  }
  return undefined
}
