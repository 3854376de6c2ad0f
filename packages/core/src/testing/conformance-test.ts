import { type ConformanceOptions, type ConformanceReport, evmNetworks, type SignerUnderTest, signerConformance } from './conformance.ts'
import { vitest } from './load-vitest.ts'

/**
 * Registers a test for each network: the signer signs for it in every way, and the network's contract takes what it signed. A failure reads like a
 * diagnosis.
 * @throws Eip3009Error `missing-package` without vitest.
 */
export function testSigner(signer: SignerUnderTest, options: ConformanceOptions = {}): void {
  const { test } = vitest()
  const { networks = evmNetworks() } = options
  for (const network of networks) {
    test(`signs for ${network.id}`, async ({ expect }) => {
      const report = await signerConformance(signer, { ...options, networks: [network] })
      expect(report.conforms, describeConformance(report)).toBe(true)
    })
  }
}

/** What a signer does wrong, each thing once, with the networks where it does. */
export function describeConformance({ signer, says, faults, refused }: ConformanceReport): string {
  const things = new Map<string, { readonly lines: readonly string[]; readonly networks: string[] }>()
  for (const { network, probe, cause, says: what, fix, contract } of faults) {
    const thing = things.get(`${probe} ${cause}`) ?? {
      lines: [
        what,
        `  given       ${probe}`,
        ...(cause === null ? [] : [`  cause       ${cause}`]),
        ...(contract === null ? [] : [`  token says  ${contract}`]),
        `  fix         ${fix}`,
      ],
      networks: [],
    }
    thing.networks.push(network)
    things.set(`${probe} ${cause}`, thing)
  }
  const parts = [...things.values()].map(({ lines, networks }) =>
    [lines[0], `  on          ${networks.join(', ')}`, ...lines.slice(1)].map((line) => `  ${line}`).join('\n'),
  )
  const notes = refused.map(({ error }) => `  Note: ${error}`)
  return [`The signer ${signer}: ${says}`, ...parts, ...notes].join('\n\n')
}
