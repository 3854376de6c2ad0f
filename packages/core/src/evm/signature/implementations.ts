import type { Address } from '../../bytes/hex.ts'

/**
 * Implementations behind USDC's proxies, which people sign for instead of the proxy. Each was read from the proxy's zeppelinos slot and
 * published by more than one project (explorer pages of FiatTokenV2_2, fork tests that assert the slot), checked 2026-11.
 */
export const implementations = [
  { chainId: 1, address: '0x43506849D7C04F9138D1A2050bbF3A0c054402dd' },
  { chainId: 10, address: '0xdEd3b9a8DBeDC2F9CB725B55d0E686A81E6d06dC' },
  { chainId: 8453, address: '0x2Ce6311ddAE708829bc0784C967b7d77D19FD779' },
  { chainId: 42161, address: '0x86E721b43d4ECFa71119Dd38c0f938A75Fdb57B3' },
] as const satisfies readonly { readonly chainId: number; readonly address: Address }[]
