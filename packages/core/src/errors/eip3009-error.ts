/**
 * What can go wrong with us, as opposed to with a payment: a payment's faults are findings and never thrown.
 * The list is closed so that a caller can switch over it; a folder that needs another code adds it here.
 */
export type ErrorCode =
  /** A network, or a set of networks, that a caller defined does not hold together. */
  | 'invalid-network'
  /** A name or chain id that stands for no network that is known. */
  | 'unknown-network'
  /** Input that cannot be read as what it should be. */
  | 'unreadable-input'
  /** Input that was recognised, and is something else than the call can work with. */
  | 'unsupported-input'
  /** An argument of a call that can't be worked with. */
  | 'invalid-argument'
  /** An optional package that the call needs is not installed. */
  | 'missing-package'
  /** An RPC that does not answer, or answers with something that is no answer. */
  | 'rpc-unavailable'
  /** A local chain that did not start, or stopped. */
  | 'chain-unavailable'
  /** A local chain on which a good payment does not settle, or a broken one does: nothing that it shows can be believed. */
  | 'controls-failed'
  /** A signer that signs for another account than the one that pays, or signs something else than it was given. */
  | 'wrong-signer'
  /** A payment that `preflight` refuses to hand out; the error has the findings. */
  | 'unsettleable'
  /** A contradiction inside the toolkit: a bug. */
  | 'internal'

/** The base of every error that the toolkit throws on purpose. `message` is one sentence that a person can act on. */
export class Eip3009Error extends Error {
  override readonly name: string = 'Eip3009Error'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
