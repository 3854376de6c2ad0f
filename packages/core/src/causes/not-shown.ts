import { type CauseId, type CauseIdOf, catalogue, type FamilyId } from './catalogue.ts'

/** Why no replay can show a cause: refuse the payment as it is, and take it with the cause undone. */
export type NotShownId =
  /** What would settle is another payment. */
  | 'other-payment'
  /** Nothing that a chain can be given makes it settle. */
  | 'never-taken'
  /** It is about two payments, of which each is right. */
  | 'two-payments'
  /** The payment itself settles. */
  | 'settles'
  /** What is wrong is the offer, the wire or a rule of somebody's own: no chain knows of it. */
  | 'off-chain'
  /** It is in the token's own code, which another code can't stand in for. */
  | 'own-code'
  /** It is state that a replay does not begin with. */
  | 'not-kept'
  /** It is what became of the payment after it was run. */
  | 'afterwards'
  /** It is what a node said of a chain, and a chain of our own is none of its. */
  | 'of-the-view'
  /** The programs take it: facilitators refuse it, or it pays somebody else. */
  | 'taken'
  /** A replay checks no signature. */
  | 'unsigned'
  /** There is nothing that could be run. */
  | 'unreadable'

export interface NotShown {
  readonly id: NotShownId
  /** A clause: why. */
  readonly says: string
}

const why = <Id extends NotShownId>(id: Id, says: string): { readonly id: Id; readonly says: string } => ({ id, says })

const ofOffer = why('off-chain', 'the token takes it: an offer is no part of a chain')
const ofWire = why('off-chain', 'it is how the payment was written down, which no chain ever sees')
const ofRule = why('off-chain', 'it is a rule of a facilitator, which no chain knows')
const ofRelay = why('off-chain', "it is about a facilitator's own transaction, its key and its node")
const ofView = why('of-the-view', 'it is about what a node said: a chain of our own shows nothing of that')
const twoPayments = why('two-payments', 'it is about two payments, of which each is right')
const landed = why('afterwards', 'the transaction has run already, and a replay begins before that')
const taken = why('taken', 'the programs take it: it is what facilitators refuse')
const unsigned = why(
  'unsigned',
  "a replay checks no signature, since the fee payer's is not in a payment: it was verified over the bytes instead",
)

/** What is wrong with a payment of either family before, beside and after the chain. */
const ofEither = {
  'wire-version-mismatch': ofWire,
  'malformed-field': ofWire,
  'header-encoding': ofWire,
  'accepted-mismatch': ofOffer,
  'amount-units-wrong': ofOffer,
  'network-mismatch': ofOffer,
  'network-unsupported': ofRule,
  'self-payment': ofRule,
  'below-facilitator-minimum': ofRule,
  'facilitator-schema-limit': ofRule,
  'facilitator-auth': ofRule,
  'facilitator-policy-refusal': ofRule,
  'facilitator-replays-answer': ofRule,
  'paid-not-delivered': why('afterwards', 'the money moved, and what was bought for it is no part of a chain'),
  'chain-halted': ofView,
  'rpc-lagging': ofView,
  'rpc-fault': ofView,
  'rpc-wrong-chain': ofView,
  'masked-reason': why('of-the-view', 'it is about what was left of an error on its way here: a replay gives the error itself'),
  'facilitator-config-drift': why('off-chain', 'it is what an offer or a facilitator says of the token, which the token knows nothing of'),
} as const

const onEvm = {
  ...ofEither,
  'struct-type-mismatch': why(
    'never-taken',
    'the type hash is a constant in the contract: no state of it makes the token hash another struct',
  ),
  'message-prefixed': why('never-taken', 'no token hashes with the prefix of personal_sign, whatever its state'),
  'signer-not-owner': why(
    'other-payment',
    "the key that signed is not the payer's: only another signature would settle, and that is another payment",
  ),
  'window-too-short': why('settles', 'it warns of what may happen: the payment itself settles inside of its window'),
  'window-inverted': why('never-taken', 'there is no second at which the token would take it'),
  'retry-mints-new-nonce': twoPayments,
  'nonce-out-of-turn': why(
    'not-kept',
    'a replay begins with the turns before it taken: that one of them is not, only the chain itself shows',
  ),
  'permit2-allowance-missing': why('off-chain', 'it is about a payment by Permit2: a transfer by authorization asks for no allowance'),
  'relayer-blocked': why('own-code', 'FiatToken never looks at who sends, and it stands in for the tokens that do'),
  'payee-not-payable': why(
    'other-payment',
    'only another payee would settle, and that is another payment: the answer of the token names the address',
  ),
  'token-without-eip3009': why(
    'own-code',
    "the function is missing from the code: with other code it would be another token; the chain's own code is the proof",
  ),
  'asset-has-no-code': why('own-code', 'nothing answers there, so that nothing is refused: the missing code is the proof'),
  'asset-mismatch': why(
    'off-chain',
    'the payment is for another contract than the offer: the token takes it, and the offer is no part of a chain',
  ),
  'transfer-event-missing': why('own-code', 'FiatToken never settles without a Transfer: only a contract that is none does'),
  'amount-mismatch': ofOffer,
  'recipient-mismatch': ofOffer,
  'nonce-not-bound': ofOffer,
  'facilitator-nonce': ofRelay,
  'facilitator-fee-too-low': ofRelay,
  'batch-item-failed': why('off-chain', 'another payment of the same batch failed: alone, this one settles'),
  'settlement-reorged': why('afterwards', 'it settled, and the chain took the block back: a replay has no other branch'),
  'payee-contract-not-credited': why('afterwards', 'the token paid the contract: what that made of it is its own code'),
} as const satisfies Partial<Record<CauseIdOf<'evm'>, NotShown>>

const onSolana = {
  ...ofEither,
  'settlement-unconfirmed': why('of-the-view', 'a replay has no slots that wait to be confirmed'),
  'transfer-event-missing': why('off-chain', 'a transfer there shows in what accounts hold, and in no event'),
  'svm-instruction-layout': taken,
  'svm-fee-payer-mismatch': why('taken', 'the programs take any fee payer: it is the facilitator who signs as no other'),
  'svm-fee-payer-in-instructions': taken,
  'svm-fee-payer-transfers': taken,
  'svm-amount-mismatch': ofOffer,
  'svm-memo-mismatch': ofOffer,
  'svm-wallet-injected-instructions': taken,
  'svm-destination-owner-changed': why('taken', 'the programs take it: it pays whoever owns the account now'),
  'svm-signature-missing': unsigned,
  'svm-signature-invalid': unsigned,
  'svm-already-processed': landed,
  'svm-landed-with-error': landed,
  'svm-lookup-table-unresolved': why('unreadable', 'nobody can tell which accounts it takes from the table, so there is nothing to run'),
  'svm-transaction-malformed': why('unreadable', 'it can not be decoded, or no cluster would read it: there is nothing to run'),
  'svm-token-extension': why('own-code', "an extension of the mint is the issuer's to lift: without it, it would be another token"),
} as const satisfies Partial<Record<CauseIdOf<'solana'>, NotShown>>

/** Each cause that no replay can show, by family. The others have to be undone by their family: the compiler asks for each that is in neither. */
export const notShown = { evm: onEvm, solana: onSolana } as const

/** The causes that a replay can show: refused with the cause in force, taken without it. */
export type ShownCauseIdOf<F extends FamilyId> = Exclude<CauseIdOf<F>, keyof (typeof notShown)[F]>

export function isShown<F extends FamilyId>(family: F, cause: CauseId): cause is ShownCauseIdOf<F> {
  const { family: of } = catalogue[cause]
  return (of === family || of === 'both') && !Object.hasOwn(notShown[family], cause)
}

/** Why no replay can show a cause of a family; undefined where one can, and where its payments do not have it. */
export function whyNotShown(family: FamilyId, cause: CauseId): NotShown | undefined {
  return Object.hasOwn(notShown[family], cause) ? notShown[family][cause as keyof (typeof notShown)[typeof family]] : undefined
}
