import {execFile, spawn, type ChildProcess} from 'node:child_process'
import path from 'node:path'
import {createInterface} from 'node:readline'
import type {TestContext} from 'node:test'
import {promisify} from 'node:util'

import {installOnce} from './install-once.js'
import {startModelEndpoint, type ModelEndpoint, type ModelRequest} from './model-endpoint.js'

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
    return new RealTools(await installOnce('real-tools', realTools), home)
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

  /** What Claude Code sends to a model, as one of its agents. */
  async claudeCodeRequest(t: TestContext, project: string, agent?: string): Promise<ModelRequest> {
    const endpoint = await startModelEndpoint(t)
    const program = this.file(`@anthropic-ai/claude-code-linux-${process.arch}/claude`)
    const args = ['-p', 'hello', ...(agent ? ['--agent', agent] : [])]
    const env = {ANTHROPIC_BASE_URL: endpoint.url, ANTHROPIC_API_KEY: 'none'}
    return this.firstOf(endpoint, [program, ...args], project, env)
  }

  /** What Copilot CLI sends to a model, as one of its agents. */
  async copilotRequest(t: TestContext, project: string, agent?: string): Promise<ModelRequest> {
    const endpoint = await startModelEndpoint(t)
    const args = ['-p', 'hello', ...(agent ? ['--agent', agent] : [])]
    const provider = {COPILOT_PROVIDER_BASE_URL: `${endpoint.url}/v1`, COPILOT_PROVIDER_API_KEY: 'none'}
    const env = {...provider, COPILOT_MODEL: 'test'}
    return this.firstOf(endpoint, [this.file('.bin/copilot'), ...args], project, env)
  }

  /** What Codex sends to a model, in a project that the user trusts. */
  async codexRequest(t: TestContext, project: string): Promise<ModelRequest> {
    const endpoint = await startModelEndpoint(t)
    return this.firstOf(endpoint, this.codexCommand(project, endpoint.url), project)
  }

  /** What one of Codex's agents sends to a model, after the model has started it in a session that may write files. */
  async codexAgentRequest(t: TestContext, project: string, agent: string): Promise<ModelRequest> {
    const call = {name: 'spawn_agent', arguments: JSON.stringify({agent_type: agent, message: 'hello'})}
    const item = {type: 'function_call', id: 'item', call_id: 'call', namespace: 'multi_agent_v1', ...call}
    const usage = {input_tokens: 1, output_tokens: 1, total_tokens: 2}
    const endpoint = await startModelEndpoint(t, [
      ...[
        {type: 'response.created', response: {id: 'first'}},
        {type: 'response.output_item.done', output_index: 0, item},
      ],
      {type: 'response.completed', response: {id: 'first', usage}},
    ])
    const isOfAgent = ({text}: ModelRequest, index: number) => index > 0 && !text.includes('function_call_output')
    return this.firstOf(endpoint, this.codexCommand(project, endpoint.url), project, {}, isOfAgent)
  }

  private codexCommand(project: string, url: string): string[] {
    const settings = [
      ...['model="test"', 'model_provider="local"', 'model_providers.local.name="local"'],
      ...[`model_providers.local.base_url="${url}/v1"`, 'model_providers.local.wire_api="responses"'],
      ...[`projects={${JSON.stringify(project)}={trust_level="trusted"}}`, 'sandbox_mode="workspace-write"'],
    ]
    const program = [process.execPath, this.file('@openai/codex/bin/codex.js'), 'exec', 'hello']
    return [...program, ...settings.flatMap((each) => ['-c', each])]
  }

  /** Runs a program with an address of ours instead of a model. It fails, since the address refuses its requests. */
  private async firstOf(
    {requests}: ModelEndpoint,
    [program = '', ...args]: string[],
    project: string,
    env: Record<string, string> = {},
    isWanted: (request: ModelRequest, index: number) => boolean = () => true,
  ): Promise<ModelRequest> {
    const running = run(program, args, {cwd: project, env: {...this.environment, ...env}, timeout})
    running.child.stdin?.end()
    const output = await running.catch((error: unknown) => error)
    const found = requests().find(isWanted)
    if (!found) throw new Error(`${program} sent nothing to the model`, {cause: output})
    return found
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
