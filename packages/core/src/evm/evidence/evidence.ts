import type { Networks } from '../../networks/networks.ts'
import type { SignatureEvidence } from '../signature/forensics.ts'
import type { ChainAnswer } from './chain.ts'
import type { Moment } from './moment.ts'

/** What the checks may look at besides the payment itself. Facts only; nothing here reads or computes. */
export interface Evidence {
  readonly moment: Moment
  readonly signature: SignatureEvidence
  readonly networks: Networks
  /** What each RPC said that was asked; absent when none was given. */
  readonly chains?: readonly ChainAnswer[]
}
