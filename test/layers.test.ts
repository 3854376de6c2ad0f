import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const script = fileURLToPath(new URL('../scripts/check-layers.mjs', import.meta.url))
const from = (path: string): string => `export { value } from '${path}'\n`
const value = 'export const value = 1\n'

/** A core of a few files that breaks some of the rules, each at a place of its own. */
const planted = {
  'typed-data/bytes.ts': value,
  'diagnosis/rank.ts': from('../typed-data/bytes.ts'),
  'payment/read.ts': from('../diagnosis/rank.ts'),
  // A folder that is in no layer: without its own rules, `evidence` reaches `diagnosis` by it.
  'evidence/moment.ts': from('../logs/lines.ts'),
  'logs/lines.ts': from('../diagnosis/rank.ts'),
  // The same among the rooms of the Solana folder.
  'solana/state/state.ts': from('../wire/read.ts'),
  'solana/wire/read.ts': from('../diagnosis/diagnose.ts'),
  'solana/diagnosis/diagnose.ts': value,
}

it('stops imports that run upwards, by a detour over a folder that is in no layer, too', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'eip3009-layers-'))
  try {
    await writeFile(join(directory, 'tsconfig.json'), '{}')
    for (const [name, text] of Object.entries(planted)) {
      const path = join(directory, 'packages/core/src', name)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, text)
    }
    const { status, stderr, stdout } = spawnSync(process.execPath, [script, directory], { cwd: directory, encoding: 'utf8' })
    expect(stdout).toMatch(/^layers: 8 modules of core and 8 in all, 6 imports, 5 violations$/m)
    expect(stderr.trim().replaceAll('packages/core/src/', '').split('\n').sort()).toEqual([
      'every-folder-is-a-layer: evidence/moment.ts → logs/lines.ts',
      'every-folder-is-a-layer: logs/lines.ts → diagnosis/rank.ts',
      'every-folder-of-solana-is-a-room: solana/state/state.ts → solana/wire/read.ts',
      'every-folder-of-solana-is-a-room: solana/wire/read.ts → solana/diagnosis/diagnose.ts',
      'payment-imports-downwards: payment/read.ts → diagnosis/rank.ts',
    ])
    expect(status).toBe(1)
  } finally {
    await rm(directory, { recursive: true })
  }
})
