import {execFile, spawn, type ChildProcess} from 'node:child_process'
import {existsSync} from 'node:fs'
import {mkdir, mkdtemp, readFile, rename, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {createInterface} from 'node:readline'
import {promisify} from 'node:util'

import {inRepository} from './repository.js'

const run = promisify(execFile)

/** The programs, at the versions that the tests were written for. `skills` needs a newer Node.js than apkg does. */
export const realTools = {
  '@anthropic-ai/claude-code': '2.1.332',
  '@openai/codex': '0.171.0',
  '@github/copilot': '1.0.102',
  skills: '1.7.4',
  [`node-linux-${process.arch}`]: '22.23.3',
}

/** Milliseconds for one program to list what it finds. */
const timeout = 120_000

/** What a program finds in a project, by name. */
export interface Listed {
  skills: string[]
  agents?: string[]
  commands?: string[]
}

/** Programs of others, in a home directory without an account. */
export class RealTools {
  private constructor(
    private readonly folder: string,
    private readonly home: string,
  ) {}

  /** Installs the programs once. Their install scripts don't run. @throws {Error} if npm can't install them */
  static async install(home: string): Promise<RealTools> {
    const folder = inRepository('test-dist/generated/real-tools')
    const manifest = JSON.stringify({private: true, dependencies: realTools})
    const isCurrent = (await readFile(path.join(folder, 'package.json'), 'utf8').catch(() => '')) === manifest
    if (!isCurrent || !existsSync(path.join(folder, 'node_modules'))) {
      await mkdir(path.dirname(folder), {recursive: true})
      const stage = await mkdtemp(`${folder}-`)
      try {
        await writeFile(path.join(stage, 'package.json'), manifest)
        const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
        await run('npm', ['install', ...flags], {cwd: stage, timeout: 600_000})
        await rm(folder, {recursive: true, force: true})
        await rename(stage, folder)
      } finally {
        await rm(stage, {recursive: true, force: true})
      }
    }
    return new RealTools(folder, home)
  }

  /** The first line of `claude -p` lists everything before it asks for a login. */
  async claudeCode(project: string): Promise<Listed> {
    const program = this.file(`@anthropic-ai/claude-code-linux-${process.arch}/claude`)
    const args = ['-p', 'hello', '--output-format', 'stream-json', '--verbose']
    const child = this.start(program, args, project)
    const {skills, agents, slash_commands: commands} = await messageIn(child, ({subtype}) => subtype === 'init')
    return {skills: skills as string[], agents: agents as string[], commands: commands as string[]}
  }

  /** The app server lists skills without a login. */
  async codex(project: string): Promise<Listed> {
    const child = this.start(process.execPath, [this.file('@openai/codex/bin/codex.js'), 'app-server'], project)
    const send = (message: object) => child.stdin?.write(`${JSON.stringify(message)}\n`)
    send({id: 1, method: 'initialize', params: {clientInfo: {name: 'test', title: 'test', version: '1.0.0'}}})
    send({method: 'initialized'})
    send({id: 2, method: 'skills/list', params: {cwds: [project]}})
    const {result} = await messageIn(child, ({id}) => id === 2)
    const {data} = result as {data: {skills: {name: string; scope: string}[]}[]}
    return {skills: data.flatMap((each) => each.skills.filter(({scope}) => scope === 'repo').map(({name}) => name))}
  }

  async copilot(project: string): Promise<Listed> {
    const program = this.file('.bin/copilot')
    return {skills: await this.namesOf([program, 'skill', 'list', '--json'], project, 'project')}
  }

  async skills(project: string): Promise<Listed> {
    const node = this.file(`node-linux-${process.arch}/bin/node`)
    return {skills: await this.namesOf([node, this.file('skills/bin/cli.mjs'), 'list', '--json'], project)}
  }

  private async namesOf([program = '', ...args]: string[], project: string, source?: string): Promise<string[]> {
    const running = run(program, args, {cwd: project, env: this.environment, timeout})
    running.child.stdin?.end()
    const listed = JSON.parse((await running).stdout) as {name: string; source?: string}[]
    return listed.filter((each) => source === undefined || each.source === source).map(({name}) => name)
  }

  private start(program: string, args: string[], cwd: string): ChildProcess {
    return spawn(program, args, {cwd, env: this.environment, stdio: ['pipe', 'pipe', 'ignore'], timeout})
  }

  private file(name: string): string {
    return path.join(this.folder, 'node_modules', name)
  }

  private get environment(): NodeJS.ProcessEnv {
    const {PATH} = process.env
    return {PATH, HOME: this.home, DISABLE_AUTOUPDATER: '1', COPILOT_AUTO_UPDATE: 'false'}
  }
}

/** Waits for a line of JSON, then ends the program. @throws {Error} if the program ends before */
async function messageIn(
  child: ChildProcess,
  isWanted: (message: Record<string, unknown>) => boolean,
): Promise<Record<string, unknown>> {
  try {
    for await (const line of createInterface({input: child.stdout!})) {
      const message = JSON.parse(line) as Record<string, unknown>
      if (isWanted(message)) return message
    }
    throw new Error(`${child.spawnfile} ended without an answer`)
  } finally {
    child.kill('SIGKILL')
  }
}
