import type { Comparison } from './reference-facilitator.ts'

/** The page that compares the two, in full. `version` is the reference's. */
export function renderPage(comparisons: readonly Comparison[], version: string): string {
  const shared = comparisons.filter(({ verify }) => verify === 'invalid_exact_evm_signature')
  const causes = new Set(shared.map(({ cause }) => cause))
  return `# Beside the reference facilitator

What \`@x402/evm\` ${version} and \`eip3009 diagnose --rpc-url\` answer to the same broken payments: both on a local chain with Base's chain id and Circle's FiatToken v2.2 at
USDC's address, in the same state and at the same second. \`pnpm compare:facilitator\` writes this page, and a test fails when it is out of date.

The reference facilitator answers \`invalid_exact_evm_signature\`, without a message, to ${shared.length} of these payments, which have ${causes.size} causes.

${table(comparisons)}

- \`verify\` simulates the transfer, and asks through Multicall3 why it failed; on a chain without Multicall3 the four answers that name a cause there (name, version,
  balance, nonce) become \`invalid_exact_evm_transaction_simulation_failed\`. A simulation's message has the token's revert string in it.
- \`settle\` verifies again without the simulation, then estimates gas: what the token reverts with is matched against patterns.
- validBefore in milliseconds is valid for both. The token takes it for seconds, so the authorization stays open for tens of thousands of years if nobody uses it.
`
}

function table(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map(({ broken, verify, settle, verdict, cause, party }) => [
    broken,
    verify === 'valid' ? verify : code(verify),
    settle === 'settled' ? settle : code(settle),
    cause === '' ? verdict : `${verdict === 'settles' ? 'settles, with a warning: ' : ''}[${cause}](causes.md#${cause})`,
    party,
  ])
  const head = ['what is broken', 'reference: verify', 'reference: settle', 'eip3009', 'fault']
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

function code(text: string): string {
  return `\`${text}\``
}
