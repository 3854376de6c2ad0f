import { ifKnown } from '../../evidence/known.ts'
import type { ChainState, Settlement } from './chain.ts'
import { isShort } from './settlement-gas.ts'

/** What two RPCs can say differently, each as people call it. */
const comparable = {
  block: 'the hash of the block',
  code: "the token's code",
  responds: 'whether the token answers calls',
  vrs: 'whether the token has transferWithAuthorization(v, r, s)',
  bytes: 'whether the token has transferWithAuthorization(bytes)',
  separator: "the token's separator",
  name: "the token's name",
  version: "the token's version",
  paused: 'paused',
  'payer-code': "the payer's code",
  balance: "whether the payer's balance is enough",
  'payer-listed': 'whether the payer is blacklisted',
  'payee-listed': 'whether the payee is blacklisted',
  nonce: 'whether the nonce is used',
  settlement: 'how the nonce was used',
  simulated: 'a simulated transfer',
  traced: 'what the token hashed',
  wallet: "whether the payer's code accepts the signature",
  funds: 'whether the facilitator can pay for gas',
} as const satisfies Record<string, string>

export type ComparedFact = keyof typeof comparable

/** One thing that two RPCs say differently, and what each of the two says. */
export interface Disagreement {
  readonly fact: ComparedFact
  readonly name: string
  readonly between: readonly [ChainState, ChainState]
  readonly values: readonly [string, string]
}

/** What two RPCs say differently about things that are not only a matter of a few blocks. */
export function disagreements(states: readonly ChainState[], value: bigint): Disagreement[] {
  const [first, ...others] = states
  if (first === undefined) return []
  return others.flatMap((other) =>
    (Object.keys(comparable) as ComparedFact[]).flatMap((fact): Disagreement[] => {
      const [a, b] = [factOf(fact, first, value), factOf(fact, other, value)]
      if (a === undefined || b === undefined || a === b) return []
      if (fact === 'block' && first.block.number !== other.block.number) return []
      if (fact === 'nonce' && isUsedSince(first, other)) return []
      return [{ fact, name: comparable[fact], between: [first, other], values: [String(a), String(b)] }]
    }),
  )
}

/** Undefined where it is unknown. */
function factOf(
  fact: ComparedFact,
  { block, token, payer, payee, nonce, simulated, traced, wallet, facilitator }: ChainState,
  value: bigint,
): unknown {
  switch (fact) {
    case 'block':
      return block.hash
    case 'code':
      return ifKnown(token.code)
    case 'responds':
      return ifKnown(token.responds)
    case 'vrs':
      return ifKnown(token.functions['transfer-vrs'])
    case 'bytes':
      return ifKnown(token.functions['transfer-bytes'])
    case 'separator':
      return ifKnown(token.separator)
    case 'name':
      return ifKnown(token.name)
    case 'version':
      return ifKnown(token.version)
    case 'paused':
      return ifKnown(token.paused)
    case 'payer-code':
      return codeText(ifKnown(payer.code))
    case 'balance':
      return covers(ifKnown(payer.balance), value)
    case 'payer-listed':
      return ifKnown(payer.blacklisted)
    case 'payee-listed':
      return ifKnown(payee.blacklisted)
    case 'nonce':
      return ifKnown(nonce.usedNow)
    case 'settlement':
      return settlementText(ifKnown(nonce.settlement))
    case 'simulated':
      return ifKnown(simulated.atBlock)?.outcome
    case 'traced':
      return traced === undefined ? undefined : ifKnown(traced)?.digest
    case 'wallet':
      return acceptsText(wallet)
    case 'funds':
      return facilitator === null ? undefined : canPay(ifKnown(facilitator.native), ifKnown(facilitator.gasPrice))
  }
}

/** Whether only the one with the later head has seen the nonce used, as it is when it was used in between. */
function isUsedSince(a: ChainState, b: ChainState): boolean {
  const [used, unused] = ifKnown(a.nonce.usedNow) === true ? [a, b] : [b, a]
  return used.head.number > unused.head.number
}

function settlementText(settlement: Settlement | null | undefined): string | undefined {
  if (settlement === undefined || settlement === null) return undefined
  const paid = ifKnown(settlement.paid)
  const what = paid === undefined || paid === null ? '' : `, which paid ${paid.value} to ${paid.to}`
  return `${settlement.how} in ${settlement.transaction}${what}`
}

function acceptsText(wallet: ChainState['wallet']): string | undefined {
  const answers = wallet.map(({ form, accepts }) => (accepts.known ? `${form} ${accepts.value ? 'accepted' : 'refused'}` : undefined))
  return answers.length === 0 || answers.includes(undefined) ? undefined : answers.join(', ')
}

function canPay(native: bigint | undefined, gasPrice: bigint | undefined): boolean | undefined {
  return native === undefined || gasPrice === undefined ? undefined : !isShort(native, gasPrice)
}

function covers(balance: bigint | null | undefined, value: bigint): boolean | undefined {
  return typeof balance === 'bigint' ? balance >= value : undefined
}

function codeText(code: ReturnType<typeof ifKnown<{ readonly kind: string }>>): string | undefined {
  return code === undefined ? undefined : 'delegate' in code ? `delegated to ${String(code.delegate)}` : code.kind
}
