/**
 * What may be sent once a cause is known. It answers for the payload as the payer made it, not for the facilitator's transaction around it, and says
 * nothing yet of conditions: those are in the instruction that a diagnosis makes of it.
 *
 * - `send-same`: nothing that the payer signed or sent has to change. The same bytes settle as soon as the thing in the way (time, the relayer, the node,
 *   a pause) is gone, or at once through another relayer. It cannot pay twice: a nonce settles once.
 * - `fix-first`: what was signed stays good, but something around it has to change before sending helps: the signature's bytes, the envelope, the payer's
 *   account or balance, a setting. Sending before that fails the same way.
 * - `sign-again`: this signature can never settle what was asked. Correct the signer and sign anew: with the same nonce, so that only one of the two can
 *   ever move money; on Solana, which has no such nonce, once the first can not land any more and has not landed.
 * - `cancel-first`: another signature, and only once the first was taken back: it is good somewhere else, where the new one's nonce does not stop it.
 * - `wait`: nothing, until the chain has come far enough to tell.
 * - `never`: nothing. The money moved, or the payer took the payment back, or one side may not be paid at all. A new signature would be a second payment.
 * - `unknown`: it is not known yet. Read the chain first.
 */
export type RetryAction = 'send-same' | 'fix-first' | 'sign-again' | 'cancel-first' | 'wait' | 'never' | 'unknown'
