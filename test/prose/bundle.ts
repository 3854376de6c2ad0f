import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { inNoise, type Noise } from './noise.ts'

/** Everything between an input and an exit code. */
export type Pipeline = Pick<typeof import('@eip3009/core'), 'builtInNetworks' | 'diagnose' | 'readEvmPayment' | 'searchSignature'> &
  Pick<typeof import('@eip3009/core/replay'), 'openChain'> &
  Pick<typeof import('@eip3009/core/solana'), 'liteSvmReplayer' | 'readSnapshot' | 'readSvmPayment'> &
  Pick<typeof import('../../packages/cli/src/exit-codes.ts'), 'exitCodeOf'>

const entry = ['core/src/index.ts', 'core/src/replay.ts', 'core/src/solana.ts', 'cli/src/exit-codes.ts']

const path = (relative: string): string => fileURLToPath(new URL(`../../${relative}`, import.meta.url))

/** A file in noise, whose text is the same in each bundle where no patch touches it. */
const noisy = new Map<string, string>()

function inNoiseOnce(text: string, file: string, noise: Noise): string {
  const key = `${noise} ${file} ${text}`
  const known = noisy.get(key) ?? inNoise(text, file, noise)
  noisy.set(key, known)
  return known
}

/** A change to one source file: what stands there, and what is put in its place. */
export interface Patch {
  readonly file: string
  readonly from: string
  readonly to: string
}

/**
 * The pipeline from its sources, with what it says as it is or in noise, and with changes made to it. It lies where the packages that it loads are found.
 */
export async function bundled(noise: Noise | undefined, patches: readonly Patch[] = []): Promise<Pipeline> {
  const directory = await mkdtemp(path('packages/core/node_modules/.prose-'))
  try {
    const outfile = join(directory, 'pipeline.mjs')
    let patched = 0
    await build({
      stdin: { contents: entry.map((file) => `export * from './packages/${file}'`).join('\n'), resolveDir: path('.'), loader: 'ts' },
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      // `await using` is written out, as in what is published: Node 20 does not know it.
      target: 'es2023',
      packages: 'external',
      logLevel: 'silent',
      alias: { '@eip3009/core': path('packages/core/src/index.ts') },
      plugins: [
        {
          name: 'noise',
          setup: ({ onLoad }) => {
            onLoad({ filter: /\/packages\/(?:core|cli)\/src\/.*\.ts$/ }, async ({ path: file }) => {
              let text = await readFile(file, 'utf8')
              for (const { file: name, from, to } of patches) {
                if (!file.endsWith(`/src/${name}`)) continue
                if (!text.includes(from)) throw new Error(`${name} has no ${from}`)
                text = text.replace(from, to)
                patched++
              }
              return { contents: noise === undefined ? text : inNoiseOnce(text, file, noise), loader: 'ts' }
            })
          },
        },
      ],
    })
    if (patched !== patches.length) throw new Error(`${patched} of ${patches.length} changes were made`)
    return (await import(pathToFileURL(outfile).href)) as Pipeline
  } finally {
    await rm(directory, { recursive: true })
  }
}
