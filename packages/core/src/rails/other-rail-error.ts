import { Eip3009Error } from '../errors/eip3009-error.ts'
import type { RailId } from './rail.ts'

/** A payment of a rail that is not judged here. `code` is `unsupported-input`. */
export class OtherRailError extends Eip3009Error {
  override readonly name = 'OtherRailError'
  readonly rail: RailId

  constructor(rail: RailId, message: string) {
    super('unsupported-input', message)
    this.rail = rail
  }
}
