/**
 * What may be sent again once a cause is known. It answers for the payload as the payer made it, not for the facilitator's
 * transaction around it.
 *
 * - `same-payload`: nothing that the payer signed or sent has to change. The same bytes settle as soon as the thing in the way
 *   (time, the relayer, the node, a pause) is gone, or at once through another relayer. It cannot pay twice: a nonce settles once.
 * - `fix-first`: what was signed stays good, but something around it has to change before sending helps: the signature's bytes, the
 *   envelope, the payer's account or balance, a setting. Sending before that fails the same way.
 * - `sign-again`: this signature can never settle what was asked. Correct the signer and sign anew; with the same nonce where the
 *   old signature might still be good for something, so that only one of the two can ever move money.
 * - `never`: nothing may be sent. The money moved, or the payer took the payment back, or one side may not be paid at all. A new
 *   signature would be a second payment.
 * - `unknown`: the cause alone does not say. Read the chain first.
 */
export type Retry = 'same-payload' | 'sign-again' | 'fix-first' | 'never' | 'unknown'
