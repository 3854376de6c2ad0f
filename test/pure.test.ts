import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectOf, testFiles } from '../scripts/test-projects.ts'

const require = createRequire(import.meta.url)

describe('a test of the project pure', () => {
  it.each([
    ['starts no process', () => require('node:child_process').spawn(process.execPath, ['--version'])],
    ['waits for none', () => require('node:child_process').execFileSync(process.execPath, ['--version'])],
    ['does not listen', () => require('node:http').createServer().listen(0, '127.0.0.1')],
    ['does not connect', () => require('node:net').connect(9, '127.0.0.1')],
    ['starts no thread', () => new (require('node:worker_threads').Worker)('1', { eval: true })],
  ])('%s', (_name, open) => {
    expect(open).toThrow('not in a test of the project pure')
  })

  it('asks nobody by fetch', async () => {
    const error = await fetch('http://127.0.0.1:3009').catch((cause: unknown) => cause)
    expect(String((error as Error).cause)).toContain('not in a test of the project pure')
  })

  // By names of their own, since this file would be in another project.
  it.each(['litesvm', '@viem/anvil'])('opens no chain by %s', async (name: string) => {
    await expect(import(name)).rejects.toThrow('not in a test of the project pure')
  })

  it('opens none by what opens one', async () => {
    const name: string = '../packages/core/src/evm/world/open-chain.ts'
    const opened = ((await import(name)) as typeof import('../packages/core/src/evm/world/open-chain.ts')).openChain('base')
    await expect(opened).rejects.toMatchObject({ code: 'missing-package' })
  })
})

describe('the project of a test file', () => {
  const lazily = (name: string): string => `import('${name}')`
  const files = {
    'test/helper.ts': "import { openChain } from '@eip3009/core/replay'\nexport const open = openChain\n",
    'test/run-it.ts': "import { spawn } from 'node:child_process'\nexport const run = spawn\n",
    'test/opens.test.ts': "import { open } from './helper.ts'\nopen('base')\n",
    'test/types.test.ts': "import type { openChain } from '@eip3009/core/replay'\nimport { walletCode } from '@eip3009/core/replay'\n",
    'test/lazily.test.ts': `const { LiteSVM } = await ${lazily('litesvm')}\nnew LiteSVM()\n`,
    'test/whole.test.ts': "import * as replay from '@eip3009/core/replay'\nreplay\n",
    'test/search.long.test.ts': "import { diagnose } from '@eip3009/core'\ndiagnose()\n",
    'test/both.long.test.ts': "import { open } from './helper.ts'\nimport { run } from './run-it.ts'\nrun(open)\n",
    'packages/core/src/bytes/hex.test.ts': "import { toHex } from './hex.ts'\ntoHex()\n",
    'packages/core/src/rpc/served.test.ts': "import { createServer } from 'node:http'\nimport {\n  a,\n} from './a.ts'\ncreateServer(a)\n",
    'packages/core/node_modules/other/test/their.test.ts': '',
    'packages/core/src/vendor/node_modules/other/their.test.ts': '',
  }

  it('follows from what it imports', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'eip3009-projects-'))
    try {
      for (const [name, text] of Object.entries(files)) {
        await mkdir(dirname(join(directory, name)), { recursive: true })
        await writeFile(join(directory, name), text)
      }
      expect(testFiles(directory).map((file) => [file, projectOf(file, directory)])).toEqual([
        ['packages/core/src/bytes/hex.test.ts', 'pure'],
        ['packages/core/src/rpc/served.test.ts', 'chain'],
        ['test/both.long.test.ts', 'package'],
        ['test/lazily.test.ts', 'chain'],
        ['test/opens.test.ts', 'chain'],
        ['test/search.long.test.ts', 'long'],
        ['test/types.test.ts', 'pure'],
        ['test/whole.test.ts', 'chain'],
      ])
    } finally {
      await rm(directory, { recursive: true })
    }
  })
})
