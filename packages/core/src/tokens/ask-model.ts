import type { Hex } from '../bytes/hex.ts'
import {
  type AuthorizationFunction,
  type BlacklistFunction,
  blacklistSelectors,
  type CallModel,
  type CheckName,
  type Overload,
  pauseSelectors,
  type Words,
} from './model.ts'
import { isTokenFamily, modelOf, type TokenFamily, tokenFamilies } from './models.ts'

/** A call of a family's contracts. */
export interface ModelledCall {
  readonly family: TokenFamily
  readonly function: AuthorizationFunction
  readonly overload: Overload
  readonly call: CallModel
}

/** The calls that a family has; with a function or an overload only those. */
export function callsOf(
  family: TokenFamily,
  wanted: { readonly function?: AuthorizationFunction | undefined; readonly overload?: Overload | undefined } = {},
): readonly ModelledCall[] {
  const { calls } = modelOf(family)
  return (['transferWithAuthorization', 'receiveWithAuthorization'] as const).flatMap((called) =>
    (['vrs', 'bytes'] as const).flatMap((overload): ModelledCall[] => {
      const call = calls[called][overload]
      const isWanted = (wanted.function ?? called) === called && (wanted.overload ?? overload) === overload
      return call === undefined || !isWanted ? [] : [{ family, function: called, overload, call }]
    }),
  )
}

/** What is looked at before a key is recovered, and what comes of that: left out where the payer's code is asked instead. */
export const formChecks: ReadonlySet<CheckName> = new Set(['length', 's', 'v', 'recovered'])

/** The checks of a call in the order in which it makes them; `payerHasCode` undefined leaves those of the signature's form in. */
export function checksOf({ order, payerCode }: CallModel, payerHasCode?: boolean): readonly CheckName[] {
  return payerCode === 'instead' && payerHasCode === true ? order.filter((check) => !formChecks.has(check)) : order
}

/** Words as people see them: a revert string, or a custom error with its types; undefined where it does not revert, or nobody knows. */
export function sayWords(words: Words | undefined): string | undefined {
  if (words === undefined) return undefined
  if ('text' in words) return words.text
  return 'error' in words ? words.error : undefined
}

/** What a family answers where a check of its transfer fails; undefined where nobody knows, or where its calls word it differently. */
export function wordsFor(family: TokenFamily, check: CheckName, wanted: Parameters<typeof callsOf>[1] = {}): string | undefined {
  const [first, ...rest] = callsOf(family, wanted).map(({ call }) => sayWords(call.words[check]))
  return rest.every((other) => other === first) ? first : undefined
}

/** The view functions that tell whether a token of this family is paused, and whether an account is listed; Circle's where nobody knows the family. */
export function stateSelectors(family: TokenFamily | undefined): { readonly pause: Hex; readonly blacklist: Hex } {
  const { blacklist } = modelOf(family ?? 'FiatTokenV2_2')
  return {
    pause: pauseSelectors[pauseFunction(family)],
    blacklist: blacklistSelectors[blacklist?.function ?? 'isBlacklisted'],
  }
}

/** The view function that tells whether a token is paused, Circle's where nobody knows the family. */
export function pauseFunction(family: TokenFamily | undefined): keyof typeof pauseSelectors {
  return family !== undefined && modelOf(family).pause === 'isTransferPaused' ? 'isTransferPaused' : 'paused'
}

/** The view functions that can tell whether an account is listed: the family's own, or all that are known where nobody knows the family. */
export function listFunctions(family: TokenFamily | undefined): readonly [BlacklistFunction, ...BlacklistFunction[]] {
  const own = family === undefined ? undefined : modelOf(family).blacklist?.function
  return own === undefined ? ['isBlacklisted', 'isFrozen', 'isBlocked'] : [own]
}

/** Whether any call of a family makes a check. */
export function makesCheck(family: TokenFamily, check: CheckName): boolean {
  return callsOf(family).some(({ call }) => call.order.includes(check))
}

/** The check by which a family refuses a payee, and how it words it. */
export interface PayeeRefusal {
  readonly check: Extract<CheckName, 'to-zero' | 'to-itself' | 'to-blacklisted'>
  readonly says: string | undefined
}

/** How a family refuses the zero address, or its token's own address; undefined where it pays it like any other. */
export function payeeRefusal(family: TokenFamily, payee: 'zero' | 'itself'): PayeeRefusal | undefined {
  const refusal = (check: PayeeRefusal['check']): PayeeRefusal => ({ check, says: wordsFor(family, check) })
  if (payee === 'zero') return makesCheck(family, 'to-zero') ? refusal('to-zero') : undefined
  if (makesCheck(family, 'to-itself')) return refusal('to-itself')
  return modelOf(family).blacklist?.itself === true ? refusal('to-blacklisted') : undefined
}

/**
 * The families that a text from outside can mean ("FiatTokenV2_2 proxy (native Circle USDC)", "FiatToken v2.2", an id); none when it names none whose
 * order is known. Our own tables name families by their ids.
 */
export function familiesNamed(text: string): readonly TokenFamily[] {
  if (isTokenFamily(text)) return [text]
  const lower = text.toLowerCase()
  const has = (...words: readonly string[]): boolean => words.some((word) => lower.includes(word))
  if (has('uchild')) return ['UChildAdministrableERC20']
  if (has('paxos')) return ['PaxosTokenV2', 'PaxosTokenV2Vrs']
  if (has('tether', 'usdt0', 'usd₮')) return ['TetherTokenV2']
  if (has('agora')) return ['AgoraDollar']
  if (has('erc20transferauthorization')) return ['ERC20TransferAuthorization']
  if (has('erc3009')) return ['ERC3009']
  if (!has('fiattoken', 'fiat token')) return []
  const version = has('v2_2', 'v2.2') ? '2.2' : has('v2_1', 'v2.1') ? '2.1' : has('v2') ? '2' : undefined
  if (version === undefined) return []
  if (version === '2.2') return [has('nativefiat') ? 'NativeFiatTokenV2_2' : has('celo') ? 'FiatTokenCeloV2_2' : 'FiatTokenV2_2']
  return [version === '2.1' ? 'FiatTokenV2_1' : 'FiatTokenV2']
}

/** A family that can answer something, with the checks that it means by it, the earliest first. */
export interface Speaker {
  readonly family: TokenFamily
  readonly checks: readonly CheckName[]
}

const speakers: ReadonlyMap<string, readonly Speaker[]> = new Map(
  [
    ...new Set(
      tokenFamilies.flatMap((family) =>
        callsOf(family).flatMap(({ call }) => Object.values(call.words).flatMap((words) => sayWords(words) ?? [])),
      ),
    ),
  ].map((said) => [said, tokenFamilies.flatMap((family) => speaker(family, said))]),
)

function speaker(family: TokenFamily, said: string): readonly Speaker[] {
  const checks = callsOf(family).flatMap(({ call }) => call.order.filter((check) => sayWords(call.words[check]) === said))
  return checks.length === 0 ? [] : [{ family, checks: [...new Set(checks)] }]
}

/** The families whose calls can answer this. */
export function familiesThatSay(words: string): readonly Speaker[] {
  return speakers.get(words) ?? []
}
