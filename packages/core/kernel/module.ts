/** Puts the kernel together. */
import { PAGES, ROUND_CONSTANTS } from '../src/evm/signature/kernel/layout.ts'
import { WasmModule } from './assembler.ts'
import { accumulate, divide, finish, gather, load, plan, prepare, save, scatter, select, touch } from './curve.ts'
import { canonical, checkBounds, difference, invert, multiply, power, subtract } from './field.ts'
import { clear, digests, hash, permute, roundConstants } from './keccak.ts'
import { recode } from './scalar.ts'

/**
 * The module: deterministic, the same bytes on each machine.
 *
 * @throws RangeError when a limb or a sum could overflow.
 */
export function kernelModule(): Uint8Array<ArrayBuffer> {
  checkBounds()
  const module = new WasmModule()
  const multiplyCall = module.add(multiply())
  const differenceCall = module.add(difference())
  const subtractCall = module.add(subtract())
  const canonicalCall = module.add(canonical())
  const powerCall = module.add(power(multiplyCall))
  const invertCall = module.add(invert(powerCall, differenceCall))
  const clearCall = module.add(clear())
  const permuteCall = module.add(permute())
  const gatherCall = module.add(gather())
  const scatterCall = module.add(scatter())
  module.add(load(gatherCall))
  module.add(save(scatterCall))
  module.add(prepare(gatherCall, differenceCall, multiplyCall))
  module.add(divide(invertCall, canonicalCall))
  module.add(accumulate(multiplyCall, differenceCall, subtractCall))
  module.add(select())
  module.add(plan())
  module.add(touch())
  module.add(recode())
  module.add(finish(canonicalCall, clearCall, permuteCall))
  module.add(digests(clearCall, permuteCall))
  module.add(hash(clearCall, permuteCall))
  return module.bytes(PAGES, { offset: ROUND_CONSTANTS, bytes: roundConstants() })
}
