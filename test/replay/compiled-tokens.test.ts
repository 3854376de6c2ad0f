import { expect, it } from 'vitest'
import { inputsOf } from '../../packages/core/contracts/compile.ts'
import { openZeppelinCode } from '../../packages/core/src/evm/world/openzeppelin-code.ts'

it('the code of the OpenZeppelin tokens is compiled from the sources that are installed', () => {
  const { library, inputs } = openZeppelinCode
  expect({ library, inputs }).toEqual(inputsOf())
})
