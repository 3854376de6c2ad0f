import { sameAddress } from '../../bytes/address.ts'
import type { Finding } from '../../causes/finding.ts'
import { type CheckResult, fromFindings, skip } from '../../evidence/check.ts'
import { ifKnown, known } from '../../evidence/known.ts'
import { utc } from '../../text/utc.ts'
import type { CallModel } from '../../tokens/model.ts'
import { modelOf, type TokenFamily } from '../../tokens/models.ts'
import { readSequentialNonce } from '../../tokens/sequence.ts'
import {
  type ChainState,
  type Deployment,
  isPaidBy,
  isReplaced,
  type SentReceipt,
  type Settlement,
  simulationAt,
  walletAccepts,
} from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { offerGap } from '../payment/offer-gap.ts'
import type { Payment } from '../payment/payment.ts'
import { slipsOfOwners } from '../signature/wallets/examine.ts'
import type { Check } from './check.ts'
import { amount, chainCheck, note, severityAt, unread } from './on-chain.ts'

/** The payer's account and the state of the authorization, as the chain has them. */
export const accountChecks: readonly Check[] = [
  chainCheck('balance', (payment, state, evidence) => {
    const { balance } = state.payer
    if (!balance.known) return unread(balance, state)
    if (balance.value === null) return skip('no-function', 'the asset has no balanceOf')
    return fromFindings(insufficient(payment, balance.value, state, evidence))
  }),
  chainCheck('nonce', (payment, state, evidence) => {
    const { used, usedNow, settlement } = state.nonce
    if (!used.known) return unread(used, state)
    if (used.value === null) return skip('no-function', 'the asset has no authorizationState')
    if (used.value !== true && usedNow.known && usedNow.value !== true) return { outcome: 'pass' }
    if (!usedNow.known) return unread(usedNow, state)
    if (!settlement.known) return fromFindings([spent(payment, state, settlement.reason)])
    return fromFindings(settlement.value === null ? [] : settled(payment, settlement.value, used.value, state, evidence))
  }),
  chainCheck('transaction', (payment, state) => {
    const { sent, nonce } = state
    if (sent === undefined || !nonce.usedNow.known || nonce.usedNow.value !== false) return { outcome: 'pass' }
    const given = payment.call?.transaction
    const gone = takenBack(payment, state)
    if (gone !== undefined) return fromFindings([gone])
    if (!sent.known) return unread(sent, state)
    const isBatch = given?.to !== undefined && !sameAddress(given.to, state.token.address)
    return fromFindings(
      sent.value?.succeeded === true && !sent.value.uses && isBatch ? [leftOut(payment, sent.value, given.to, state)] : [],
    )
  }),
  nextOfItsKey(),
  chainCheck('payer-code', (payment, state, evidence) => {
    const { code } = state.payer
    if (!code.known) return unread(code, state)
    if (code.value.kind === 'none') return fromFindings(undeployed(payment, state, evidence))
    // Some tokens never ask an account, others only where the key that was recovered is not the payer's.
    const family = evidence.signature.expected?.family
    const asks = family === undefined ? undefined : askedCode(family, payment)
    if (asks === 'never' || (asks === 'after' && code.value.kind === 'eip7702')) return { outcome: 'pass' }
    // Deployed tokens without the bytes overload recover a key whatever the account is, newer builds of them ask the account: the call itself tells.
    if (ifKnown(state.token.functions['transfer-bytes']) === false) {
      const shown = simulationAt(state, payment.authorization)
      if (shown === undefined) return skip('fact-unread', 'no simulated transfer tells whether this token asks the account')
      if (shown === 'succeeds' || code.value.kind === 'contract') return { outcome: 'pass' }
    }
    return code.value.kind === 'eip7702' ? delegated(payment, code.value, state, evidence) : contract(payment, state, evidence)
  }),
]

function insufficient({ authorization }: Payment, balance: bigint, state: ChainState, evidence: Evidence): Finding[] {
  const { from, value } = authorization
  // What was paid with this very authorization is not missing for it.
  if (balance >= value || state.nonce.used.known === false || state.nonce.used.value === true) return []
  return [
    {
      cause: 'insufficient-balance',
      party: 'client',
      severity: severityAt(state, evidence),
      field: 'authorization.value',
      seen: String(balance),
      expected: `at least ${value}`,
      summary: `The payer holds ${amount(balance, state, evidence)} and pays ${amount(value, state, evidence)}: ${amount(value - balance, state, evidence)} too little.`,
      evidence: [note(state, `balanceOf(${from}) is ${balance}`)],
      fix: `send ${amount(value - balance, state, evidence)} to ${from}, then send the same payment again while its window is open`,
    },
  ]
}

/** Not named as unchecked where nothing says that the token counts nonces: few do. */
function nextOfItsKey(): Check {
  const check = chainCheck('nonce-in-turn', (payment, state, evidence) => fromFindings(outOfTurn(payment, state, evidence)))
  return {
    ...check,
    run: (payment, evidence) => {
      const family = evidence.signature.expected?.family
      const counts = family !== undefined && modelOf(family).nonces === 'sequential'
      const result = check.run(payment, evidence)
      return result.outcome === 'skip' && !counts ? { outcome: 'pass' } : result
    },
  }
}

/** InvalidAccountNonce(address account, uint256 currentNonce), of OpenZeppelin's Nonces. */
const invalidAccountNonce = '0x752d88c0'

/** A simulated transfer of a token that counts nonces, and where another turn of this nonce's key is due. */
function outOfTurn({ authorization }: Payment, state: ChainState, evidence: Evidence): Finding[] {
  const simulation = ifKnown(state.simulated.atBlock)
  const data = simulation?.outcome === 'reverts' ? (simulation.data ?? '0x') : '0x'
  if (!data.startsWith(invalidAccountNonce) || data.length !== 2 + 8 + 2 * 64) return []
  const { from, nonce } = authorization
  const due = readSequentialNonce(`0x${data.slice(74)}`)
  const own = readSequentialNonce(nonce)
  if (due.key !== own.key || due.turn >= own.turn) return []
  const shared = {
    party: 'client',
    severity: severityAt(state, evidence),
    field: 'authorization.nonce',
    seen: nonce,
    expected: `turn ${due.turn} of its key`,
    evidence: [note(state, `a simulated transfer reverts with InvalidAccountNonce(${from}, ${BigInt(`0x${data.slice(74)}`)})`)],
  } as const
  return own.reachable
    ? [
        {
          ...shared,
          cause: 'nonce-out-of-turn',
          summary: `The token takes the nonces of a key in their order: this one is turn ${own.turn}, and turn ${due.turn} is due.`,
          fix: `settle or cancel the authorizations of turns ${due.turn} to ${own.turn - 1n} of the same key, then send the same payment again`,
        },
      ]
    : [
        {
          ...shared,
          cause: 'nonce-out-of-sequence',
          summary: `The token's nonces count up: the last 8 bytes of this one make it turn ${own.turn} of its key, which no account comes to, and turn ${due.turn} is due.`,
          fix: `sign again with a nonce of 24 random bytes and 8 zero bytes`,
        },
      ]
}

/** It is used up, and nobody can say how. Not an error: of the two ways one means that money moved. */
function spent({ authorization }: Payment, state: ChainState, reason: string): Finding {
  return {
    cause: 'authorization-used',
    party: 'nobody',
    severity: 'warning',
    field: 'authorization.nonce',
    seen: authorization.nonce,
    summary: `Its nonce is used or canceled. Which of the two only the logs tell, and they could not be read: ${reason}.`,
    evidence: [note(state, `authorizationState(${authorization.from}, ${authorization.nonce}) is true`)],
    fix: `look for AuthorizationUsed of ${authorization.from} and this nonce in the logs of ${state.token.address}, with an RPC that serves them`,
  }
}

function settled(payment: Payment, settlement: Settlement, before: boolean, state: ChainState, evidence: Evidence): Finding[] {
  const { from, to, nonce, value } = payment.authorization
  if (isReplaced(settlement)) return [replaced(payment, settlement, state)]
  const sender = ifKnown(settlement.sender)
  const time = ifKnown(settlement.time)
  const when = `block ${settlement.block}${time === undefined ? '' : `, ${utc(time)}`}`
  const by = sender === undefined ? '' : `, sent by ${sender}`
  const severity = before ? 'error' : 'info'
  const shared = {
    severity,
    field: 'authorization.nonce',
    seen: nonce,
    evidence: [
      note(state, `authorizationState(${from}, ${nonce}) is ${before}`),
      {
        source: 'chain',
        says: `Authorization${settlement.how === 'used' ? 'Used' : 'Canceled'}(${from}, ${nonce}) in the logs of transaction ${settlement.transaction}, ${when}${by}`,
      },
    ],
  } as const
  if (settlement.how === 'canceled') {
    return [
      {
        ...shared,
        cause: 'authorization-canceled',
        party: 'client',
        summary: `The payer canceled this authorization in transaction ${settlement.transaction} (${when}).`,
        fix: 'nothing can be settled with it: ask the payer whether the purchase is still wanted, and only then for a new authorization',
      },
    ]
  }
  const facilitator = state.facilitator?.address
  const third = facilitator !== undefined && sender !== undefined && !sameAddress(facilitator, sender)
  const own = sameAddress(payment.call?.transaction?.hash, settlement.transaction)
  const asSigned = evidence.signature.matches[0]?.authorization
  const isAsSigned = asSigned !== undefined && ifKnown(isPaidBy(settlement, asSigned)) === true
  const transferred = isAsSigned ? known(true) : isPaidBy(settlement, payment.authorization)
  const what = `${amount(value, state, evidence)} to ${to}`
  const spentOn = ifKnown(settlement.paid)
  if (transferred.known && !transferred.value && spentOn !== undefined && spentOn !== null) {
    const instead = `${amount(spentOn.value, state, evidence)} to ${spentOn.to}`
    return [
      {
        ...shared,
        cause: 'nonce-reused',
        party: 'client',
        expected: what,
        summary: `Its nonce was spent on another payment: transaction ${settlement.transaction} (${when})${by}, paid ${instead} with it. ${sameAddress(spentOn.to, to) ? `It is not the payment of ${what}` : `${to} was not paid by it`}.`,
        evidence: [...shared.evidence, { source: 'chain', says: `the token's next log in that transaction is a Transfer of ${instead}` }],
        fix: `${sameAddress(spentOn.to, to) ? `the payee got ${amount(spentOn.value, state, evidence)} by this nonce, not what is asked` : `${to} was not paid by it: do not take that transaction as the settlement`}; ask the payer which of the two was meant before anything is signed again, and wait until that block is final`,
      },
    ]
  }
  // Used is not paid: the token's own logs have to show it.
  if (!transferred.known || !transferred.value) {
    const { transaction } = settlement
    const [why, fix] = transferred.known
      ? [
          `no Transfer of ${what} follows there`,
          `see what transaction ${transaction} transferred before anything is delivered or paid again: it does not show that ${to} was paid`,
        ]
      : [
          `whether that moved ${what} could not be told: ${transferred.reason}`,
          `read the receipt of transaction ${transaction} from another RPC: it is the settlement only if a Transfer of ${what} follows the authorization's log in it`,
        ]
    const used: Finding = {
      ...shared,
      cause: 'authorization-used',
      party: 'nobody',
      summary: `Its nonce was used in transaction ${transaction} (${when})${by}, and ${why}.`,
      fix,
    }
    return transferred.known ? [used, transferMissing(payment, settlement, state)] : [used]
  }
  const moved = spentOn ?? { to, value }
  const went = `${amount(moved.value, state, evidence)} went to ${moved.to}`
  const gap = offerGap(payment, moved)
  const finding: Finding = {
    ...shared,
    cause: third ? 'executed-by-third-party' : 'authorization-used',
    // Whoever sent it twice: that it was settled is nobody's fault.
    party: 'nobody',
    summary: third
      ? `Somebody else's transaction settled it: ${settlement.transaction} (${when}), sent by ${sender}, not by the facilitator ${facilitator}. ${went}.`
      : `It was settled ${own ? 'by this very transaction' : before ? 'already' : 'later'}, in transaction ${settlement.transaction} (${when})${by}. ${went}.`,
    // What moved as it was signed settles the offer only where it is what that asks for.
    fix:
      gap === undefined
        ? `do not pay again: take transaction ${settlement.transaction} as the settlement`
        : `deliver nothing for transaction ${settlement.transaction}: the offer asks for ${gap}; another signature is another payment, for the payer and the payee to agree on`,
  }
  return [finding, ...uncredited(payment, settlement, third, state)]
}

/** A transaction that succeeded as a whole, with a call in it that failed alone. */
function leftOut({ authorization: { from, nonce } }: Payment, sent: SentReceipt, batch: string, state: ChainState): Finding {
  const { transaction, block } = sent
  return {
    cause: 'batch-item-failed',
    party: 'facilitator',
    severity: 'error',
    field: 'transaction',
    seen: transaction,
    summary: `Transaction ${transaction} succeeded in block ${block} without this payment: it called ${batch}, and the call of the token inside of it failed alone. The nonce is unused.`,
    evidence: [
      {
        source: 'chain',
        says: `the receipt of ${transaction} has status 1 and no AuthorizationUsed(${from}, ${nonce}) of ${state.token.address}, read from ${state.source}`,
      },
      note(state, `authorizationState(${from}, ${nonce}) is false`),
    ],
    fix: 'send the same payment again, alone or in another batch, while its window is open: the status of a batch says nothing of one payment in it',
  }
}

/** The block that the given transaction says it is in, where the chain has another one there now, and the nonce is unused again. */
function takenBack({ call, authorization: { nonce } }: Payment, state: ChainState): Finding | undefined {
  const mined = call?.transaction?.mined
  const now = state.minedNow === undefined ? undefined : ifKnown(state.minedNow)
  if (mined === undefined || typeof now !== 'string' || now === mined.blockHash) return undefined
  const hash = call?.transaction?.hash ?? 'The transaction'
  return {
    cause: 'settlement-reorged',
    party: 'nobody',
    severity: 'warning',
    field: 'authorization.nonce',
    seen: nonce,
    summary: `${hash} was in block ${mined.block}, ${mined.blockHash}, and the chain has another block there now, ${now}: what was settled in it is not settled any more, and the nonce is unused.`,
    evidence: [
      { source: 'payload', says: `the transaction says that it is in block ${mined.block}, ${mined.blockHash}` },
      { source: 'chain', says: `block ${mined.block} of ${state.source} is ${now}` },
      note(state, `the nonce ${nonce} is unused`),
    ],
    fix: 'send the same payment again while its window is open, and call it final only from a safe or finalized block on',
  }
}

/** What a chain took back is no settlement, and no refusal either: the nonce has to be read again. */
function replaced({ authorization: { nonce } }: Payment, settlement: Settlement, state: ChainState): Finding {
  const { transaction, block, blockHash, blocks } = settlement
  const other = [ifKnown(blocks.receipt), ifKnown(blocks.now)].find((hash) => typeof hash === 'string' && hash !== blockHash)
  return {
    cause: 'settlement-reorged',
    party: 'nobody',
    severity: 'warning',
    field: 'authorization.nonce',
    seen: nonce,
    summary: `Transaction ${transaction} used it in block ${block}, ${blockHash}, and the chain has another block there now, ${other}: what was settled in it is not settled by it any more.`,
    evidence: [
      { source: 'chain', says: `the log of ${transaction} names block ${blockHash}, from ${state.source}` },
      { source: 'chain', says: `block ${block} of ${state.source} is ${other}` },
    ],
    fix: 'read the nonce and the receipt again, at one block that is safe or finalized, before anything is delivered, sent or signed',
  }
}

/**
 * A contract that counts a payment only when it comes in through itself has no part in a transfer that somebody sent to the token. Most payees with code are
 * wallets, which need none: worth a warning where the payment was meant for such a contract, or somebody else sent it.
 */
function uncredited(
  { authorization: { to }, primaryType, call }: Payment,
  settlement: Settlement,
  third: boolean,
  state: ChainState,
): Finding[] {
  const [called, emitters] = [ifKnown(settlement.called), ifKnown(settlement.emitters)]
  if (ifKnown(state.payee.code)?.kind !== 'contract' || !sameAddress(called ?? undefined, state.token.address)) return []
  if (emitters === undefined || emitters.some((address) => sameAddress(address, to))) return []
  const isMeantForIt = primaryType === 'ReceiveWithAuthorization' || sameAddress(call?.transaction?.to, to)
  return [
    {
      cause: 'payee-contract-not-credited',
      party: 'server',
      severity: third || isMeantForIt ? 'warning' : 'info',
      field: 'authorization.to',
      seen: to,
      summary: `The tokens are at ${to}, which is a contract that had no part in it: transaction ${settlement.transaction} called the token directly, and the payee has no log in it. If it counts a payment only through a function of its own, nobody is credited with this one.`,
      evidence: [
        note(state, `getCode(${to}) has a contract`),
        {
          source: 'chain',
          says: `transaction ${settlement.transaction} called ${called}, and its receipt has no log of ${to}, read from ${state.source}`,
        },
      ],
      fix: `do not pay again: ask whoever runs ${to} to credit the payment; a wallet needs nothing`,
    },
  ]
}

function transferMissing({ authorization: { from, to, value } }: Payment, { transaction }: Settlement, state: ChainState): Finding {
  return {
    cause: 'transfer-event-missing',
    party: 'token',
    severity: 'warning',
    seen: transaction,
    summary: `Transaction ${transaction} used the authorization, and has no Transfer of ${value} from ${from} to ${to}: the logs do not show that the payee was paid.`,
    evidence: [{ source: 'chain', says: `the receipt's logs of ${state.token.address}, read from ${state.source}` }],
    fix: "compare the payee's balance before and after that block before releasing anything",
  }
}

function undeployed({ authorization, signature }: Payment, state: ChainState, { signature: read }: Evidence): Finding[] {
  const { from } = authorization
  const { wallet, matches } = read
  if (wallet === undefined || matches.length > 0) return []
  const would = state.deployment === null ? undefined : wouldSay(from, state.deployment, state)
  return [
    {
      cause: 'smart-wallet-signature',
      party: 'wallet',
      severity: 'error',
      field: 'signature',
      seen: `${signature.length / 2 - 1} bytes: ${wallet.wrappers.join(' around ')}`,
      expected: 'a wallet that is deployed at from',
      summary: `The signature is a smart wallet's, and nothing is deployed at ${from}: the token takes it for an ordinary account and refuses what is not 65 bytes.${would === undefined ? '' : ` ${would.summary}`}`,
      evidence: [note(state, `the payer ${from} has no code`), ...(would === undefined ? [] : [would.evidence])],
      fix:
        would?.fix ??
        (wallet.deployment === undefined
          ? `deploy the wallet at ${from} first, or set from to the account whose key signs`
          : `deploy the wallet by ${wallet.deployment.factory} first, then send the signature without the ERC-6492 wrapper`),
    },
  ]
}

/** What a simulated deployment showed: the wrapper is good, or the call in it, or what is inside of it, is not. */
function wouldSay(
  from: string,
  { factory, signature, deploys, accepts }: Deployment,
  state: ChainState,
): { readonly summary: string; readonly evidence: Finding['evidence'][number]; readonly fix: string } {
  const shown = (says: string) => note(state, `a simulated call of ${factory} with the wrapper's calldata ${says}`)
  if (!deploys.known || !accepts.known) {
    const reason = deploys.known ? (accepts.known ? '' : accepts.reason) : deploys.reason
    return {
      summary: `What the wallet would say once it is deployed could not be told: ${reason}.`,
      evidence: { source: 'chain', says: `no simulated deployment from ${state.source}: ${reason}` },
      fix: `deploy the wallet by ${factory} first, then send the signature without the ERC-6492 wrapper`,
    }
  }
  if (!deploys.value) {
    return {
      summary: `The call that the ERC-6492 wrapper carries does not deploy it either: after a simulated call of ${factory} there is no code at ${from}.`,
      evidence: shown(`leaves no code at ${from}`),
      fix: `make the wrapper's factory and calldata those that deploy ${from}, or set from to the wallet that they deploy`,
    }
  }
  if (!accepts.value) {
    return {
      summary: `In a simulation its factory deploys it, and then it refuses the signature inside of the wrapper: a deployment alone will not do.`,
      evidence: shown('deploys the wallet, whose isValidSignature does not answer 0x1626ba7e'),
      fix: `deploy the wallet by ${factory} first, and sign anew through the wallet, with the same nonce, so that it hashes and wraps as it expects it`,
    }
  }
  return {
    summary: `In a simulation its factory deploys it, and then it accepts the signature inside of the wrapper.`,
    evidence: shown('deploys the wallet, whose isValidSignature then answers 0x1626ba7e'),
    fix: `deploy the wallet by ${factory} (its call is in the wrapper), then call the token with the bytes inside of the wrapper: ${signature}`,
  }
}

/** Whether one who may sign did: the account's owners, as it tells them, beside whom the bytes recover to. */
function ownersNote(
  state: ChainState,
  payment: Payment,
  { signature, networks }: Evidence,
): { readonly summary: string; readonly evidence: Finding['evidence'] } {
  const { wallet, recovered, digest, expected, structHash } = signature
  const owners = ifKnown(state.payer.owners)
  if (owners === undefined || owners === null) return { summary: '', evidence: [] }
  const told = note(
    state,
    `its owners: ${owners.map((owner) => `${owner.kind === 'passkey' ? 'a passkey' : owner.address} (${owner.by})`).join(', ')}`,
  )
  const addresses = owners.flatMap((owner) => (owner.kind === 'address' ? [owner.address] : []))
  const signers =
    wallet === undefined ? (recovered === undefined ? [] : [{ address: recovered, under: "the token's digest" }]) : wallet.signers
  if (signers.length === 0) return { summary: '', evidence: [told] }
  const owner = signers.find(({ address }) => addresses.some((each) => sameAddress(each, address)))
  if (owner !== undefined) return { summary: ` Its owner ${owner.address} did sign ${owner.under}.`, evidence: [told] }
  const chainId = expected?.domain.chainId ?? (payment.chainId === undefined ? undefined : BigInt(payment.chainId))
  const [slip] = slipsOfOwners(payment, networks, { chainId, digest, expected, structHash }, addresses)
  return {
    summary:
      slip === undefined
        ? ` None of its owners signed: the bytes recover to ${[...new Set(signers.map(({ address }) => address))].join(' or ')}.`
        : ` Its owner ${slip.address} signed ${slip.under}, which such a wallet does not check.`,
    evidence: [told],
  }
}

function delegated(
  payment: Payment,
  { delegate, delegateCode }: { readonly delegate: string; readonly delegateCode: ChainState['token']['code'] },
  state: ChainState,
  evidence: Evidence,
): CheckResult {
  const { signature } = evidence
  const { from } = payment.authorization
  const right = signature.matches.some(({ edits }) => edits.length === 0)
  const wallet = signature.wallet !== undefined
  // A signature that is wrong by itself is not the delegate's fault.
  if (!right && !wallet) return { outcome: 'pass' }
  const accepts = walletAccepts(state, signature.digest)
  if (accepts === undefined) return unasked(state, signature.digest)
  if (accepts) return { outcome: 'pass' }
  const empty = ifKnown(delegateCode) === 0
  const owners = ownersNote(state, payment, evidence)
  return fromFindings([
    {
      cause: 'eip7702-payer',
      party: 'wallet',
      severity: severityAt(state, evidence),
      field: 'authorization.from',
      seen: `0xef0100${delegate.slice(2).toLowerCase()}`,
      expected: 'no code, or a delegate that accepts the signature',
      summary: `The payer's account is delegated (EIP-7702) to ${delegate}, ${empty ? 'where no code is' : 'which refuses the signature'}: the token asks that code and never looks at the key${right ? ', although the signature is right' : ''}.`,
      evidence: [
        note(state, `getCode(${from}) is a delegation to ${delegate}`),
        note(state, `isValidSignature(${signature.digest ?? ''}, the signature as sent) does not answer 0x1626ba7e`),
        ...owners.evidence,
      ],
      fix: `clear the delegation of ${from}, then send the same payment again; or sign through the wallet that set it`,
    },
  ])
}

/** What code at the payer's address changes for the call that is made. */
export function askedCode(family: TokenFamily, { call, primaryType, signature }: Payment): CallModel['payerCode'] | undefined {
  const called = call?.function ?? (primaryType === 'ReceiveWithAuthorization' ? 'receiveWithAuthorization' : 'transferWithAuthorization')
  const overload = signature.length === 2 + 2 * 65 ? (call?.overload ?? 'vrs') : 'bytes'
  return modelOf(family).calls[called][overload]?.payerCode
}

function contract(payment: Payment, state: ChainState, evidence: Evidence): CheckResult {
  const { signature } = evidence
  const { from } = payment.authorization
  const accepts = walletAccepts(state, signature.digest)
  if (accepts === undefined) return unasked(state, signature.digest)
  if (accepts) return { outcome: 'pass' }
  const unwrapped = state.wallet.find(({ form }) => form === 'unwrapped')
  const owners = ownersNote(state, payment, evidence)
  const innerIsGood = unwrapped !== undefined && ifKnown(unwrapped.accepts) === true
  return fromFindings([
    {
      cause: 'smart-wallet-signature',
      party: innerIsGood ? 'facilitator' : 'wallet',
      severity: severityAt(state, evidence),
      field: 'signature',
      seen: `${payment.signature.length / 2 - 1} bytes${signature.wallet === undefined ? '' : `: ${signature.wallet.wrappers.join(' around ')}`}`,
      expected: `accepted by isValidSignature of ${from}`,
      summary: innerIsGood
        ? `The smart wallet ${from} accepts the signature inside of the ERC-6492 wrapper, and refuses it with the wrapper, which the token does not take off.`
        : `The smart wallet ${from} refuses the signature: its isValidSignature does not answer 0x1626ba7e to the token's digest.${owners.summary}`,
      evidence: [
        note(state, `getCode(${from}) has a contract`),
        note(state, `isValidSignature(${signature.digest ?? ''}, the signature as sent) does not answer 0x1626ba7e`),
        ...owners.evidence,
      ],
      fix: innerIsGood
        ? `call the token with the bytes inside of the wrapper: ${unwrapped.signature}`
        : `sign through the wallet ${from} itself, with the same nonce, so that it hashes and wraps as it expects it`,
    },
  ])
}

function unasked(state: ChainState, digest: string | undefined): CheckResult {
  if (digest === undefined) return skip('no-network', 'nothing says which digest the token computes')
  const answer = state.wallet.find((each) => each.form === 'as-sent' && each.digest === digest)
  if (answer === undefined) return skip('fact-unasked', "the payer's code was not asked about this digest")
  return answer.accepts.known ? { outcome: 'pass' } : unread(answer.accepts, state)
}
