// Compares a tool's file with its source, by the tool's documentation and without the code that wrote the file.
import {parse as parseToml} from 'smol-toml'
import {parse as parseYaml} from 'yaml'

/** What each tool's words let an agent do. A word for one tool of the author means what that tool does, and nothing else. */
const meanings = {
  'claude-code': {
    ...{Read: ['read'], NotebookRead: ['read'], Grep: ['grep'], Glob: ['glob'], LS: ['list']},
    ...{Edit: ['edit'], MultiEdit: ['edit'], NotebookEdit: ['edit'], Write: ['create']},
    ...{Bash: ['shell'], WebFetch: ['fetch'], WebSearch: ['search the web']},
  },
  copilot: {
    // `search` also finds files, and has no narrower word.
    ...{read: ['read'], search: ['grep'], edit: ['change', 'create'], execute: ['shell']},
    ...{web: ['fetch', 'search the web'], agent: ['delegate'], todo: []},
  },
  kiro: {
    ...{read: ['read or grep'], write: ['change', 'create', 'delete'], shell: ['shell']},
    ...{web: ['fetch', 'search the web'], subagent: ['delegate'], todo_list: []},
  },
  devin: {
    ...{read: ['read'], grep: ['grep'], glob: ['glob'], edit: ['edit'], write: ['create'], exec: ['shell']},
    ...{webfetch: ['fetch'], web_search: ['search the web']},
  },
  opencode: {
    ...{read: ['read'], grep: ['grep'], glob: ['glob'], list: ['list'], edit: ['change', 'create'], bash: ['shell']},
    ...{webfetch: ['fetch'], websearch: ['search the web'], task: ['delegate'], todowrite: [], todoread: [], skill: []},
  },
  antigravity: {
    ...{view_file: ['read'], grep_search: ['grep'], find_by_name: ['glob'], list_dir: ['list']},
    ...{replace_file_content: ['edit'], multi_replace_file_content: ['edit'], write_to_file: ['create']},
    ...{run_command: ['shell'], read_url_content: ['fetch'], search_web: ['search the web']},
    ...{invoke_subagent: ['delegate'], ask_question: []},
  },
  junie: {
    ...{Read: ['read'], Grep: ['grep'], Glob: ['glob'], Edit: ['edit'], Write: ['create'], Bash: ['shell']},
    ...{WebSearch: ['search the web'], AskUserQuestion: []},
  },
}

/** What authors mean by words that aren't Claude Code's. */
const otherWords = {
  ...{read: ['read'], view: ['read'], search: ['grep', 'glob'], grep: ['grep'], codebase: ['grep'], glob: ['glob']},
  ...{list: ['list'], edit: ['edit', 'create'], write: ['edit', 'create']},
  ...{execute: ['shell'], bash: ['shell'], shell: ['shell'], terminal: ['shell']},
  ...{web: ['fetch', 'search the web'], fetch: ['fetch'], webfetch: ['fetch'], web_fetch: ['fetch']},
  ...{websearch: ['search the web'], web_search: ['search the web']},
  ...{agent: ['delegate'], Task: ['delegate'], Agent: ['delegate']},
}

/** The limits of a skill or a command that each tool honors, in its own directory. */
const honored = {
  'claude-code': ['disable-model-invocation', 'user-invocable', 'paths', 'context', 'disallowed-tools'],
  cursor: ['disable-model-invocation', 'paths'],
  codex: ['disable-model-invocation'],
  copilot: ['disable-model-invocation', 'user-invocable'],
  devin: ['disable-model-invocation', 'user-invocable'],
  zed: ['disable-model-invocation'],
}

/** The limits on when an agent starts, or where it works, that each tool honors. */
const honoredInAgents = {
  'claude-code': ['context', 'isolation', 'dontAsk'],
  copilot: ['disable-model-invocation', 'user-invocable'],
}

/** Why a tool's file allows more than its source; undefined if it doesn't. */
export function widening(type, source, file, {files, tool, isNoted}) {
  const fields = fieldsIn(file)
  const granting = grantingIn(fields, tool.name)
  if (granting) return granting
  if (type === 'agent') {
    return (
      startWidening(source.frontmatter, fields, tool.name) ??
      agentWidening(source.frontmatter, fields, {tool: tool.name, isNoted})
    )
  }
  if (type === 'rule') return ruleWidening(source, file, fields)
  return skillWidening(type, source, file, {fields, files, tool: tool.name})
}

/** A field that runs or allows something without asking. */
function grantingIn(fields, tool) {
  const never = [
    'hooks',
    'mcpServers',
    'mcp-servers',
    'mcp_servers',
    'permissions',
    'commandExecutionPolicy',
    'sidekick',
    'approval_policy',
  ]
  const found = never.find((field) => fields[field] !== undefined)
  if (found) return `${found} is written`
  if (fields.sandbox_mode !== undefined && fields.sandbox_mode !== 'read-only')
    return `sandbox_mode is ${fields.sandbox_mode}`
  if (/acceptEdits|bypassPermissions|auto/.test(fields.permissionMode ?? ''))
    return `permissionMode is ${fields.permissionMode}`
  const effects = typeof fields.permission === 'object' ? Object.values(fields.permission ?? {}) : []
  if (effects.some((each) => each !== 'ask' && each !== 'deny')) return 'permission allows without asking'
  return fields.permission !== undefined && tool !== 'opencode' ? 'permission is written' : undefined
}

const isOff = (value) => /^(false|no|off|0)$/i.test(String(value))
const isSet = (value) =>
  value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)

/** The limits on when an agent starts that are lost. */
function startWidening(own, fields, tool) {
  const limits = [
    ...((isSet(own['disable-model-invocation']) && !isOff(own['disable-model-invocation'])) ||
    isOff(own.infer) ||
    own.mode === 'primary'
      ? ['disable-model-invocation']
      : []),
    ...(isOff(own['user-invocable']) ? ['user-invocable'] : []),
    ...['paths', 'context', 'isolation'].filter((field) => isSet(own[field])),
    ...(own.permissionMode === 'dontAsk' ? ['dontAsk'] : []),
    ...(own.disable === true ? ['disable'] : []),
  ]
  const lost = limits.find((limit) => !honoredInAgents[tool]?.includes(limit))
  if (lost) return `${lost} is ignored`
  if (limits.includes('disable-model-invocation') && fields['disable-model-invocation'] !== true)
    return 'disable-model-invocation is lost'
  if (limits.includes('user-invocable') && fields['user-invocable'] !== false) return 'user-invocable is lost'
  const kept = ['context', 'isolation'].find((field) => limits.includes(field) && fields[field] !== own[field])
  return kept && `${kept} is lost`
}

const writes = ['edit', 'change', 'create', 'delete']

/** What an author lets an agent do; `allowed` is undefined if it's everything but what is denied. */
function accessOf(own) {
  const access = {allowed: undefined, denied: new Set(), deniedByName: new Set(), isLimited: false}
  const limit = () => {
    access.isLimited = true
    return access
  }
  const deny = (word) => {
    const bare = String(word).replace(/\(.*/s, '')
    for (const each of meaningOf(bare) ?? ['unknown']) {
      limit().denied.add(each)
      access.deniedByName.add(each)
    }
  }
  const list = [own.tools, own['allowed-tools'], own.allowedTools].find(
    (each) => typeof each === 'string' || Array.isArray(each) || each === null,
  )
  const words = list === undefined ? undefined : wordsIn(list)
  if (words && !words.some((word) => /^(\*|all)$/i.test(word))) {
    limit().allowed = new Set(words.flatMap((word) => meaningOf(word) ?? []))
  }
  for (const map of [own.tools, own.permission]) {
    if (typeof map !== 'object' || map === null || Array.isArray(map)) continue
    const effects = Object.entries(map).map(([word, effect]) => [word, isDenied(effect)])
    if (effects.some(([word, denied]) => word.includes('*') && denied)) {
      limit().allowed = new Set(effects.flatMap(([word, denied]) => (denied ? [] : (meaningOf(word) ?? []))))
    }
    for (const [word, denied] of effects) if (denied && !word.includes('*')) deny(word)
  }
  for (const words of [own.disallowedTools, own['disallowed-tools'], own.excludedTools])
    for (const word of wordsIn(words)) deny(word)
  if (
    (isSet(own.readonly) && !isOff(own.readonly)) ||
    own.sandbox_mode === 'read-only' ||
    own.permissionMode === 'plan'
  ) {
    for (const each of [...writes, 'shell']) limit().denied.add(each)
  }
  // Bundled tools: overwriting files includes changing them and, with a shell, deleting them.
  const {allowed, denied} = access
  if (['read', 'grep'].some((each) => allowed?.has(each))) allowed.add('read or grep')
  if (['edit', 'create'].some((each) => allowed?.has(each))) allowed.add('change')
  if (allowed?.has('create') && allowed.has('shell')) allowed.add('delete')
  if (['read', 'grep', 'glob', 'list'].some((each) => denied.has(each))) denied.add('read or grep')
  if (denied.has('edit')) denied.add('change')
  for (const each of access.denied) access.allowed?.delete(each)
  return access
}

function isDenied(effect) {
  return typeof effect === 'object' && effect !== null
    ? Object.values(effect).some(isDenied)
    : effect === false || effect === 'deny'
}

function meaningOf(word) {
  return meanings['claude-code'][word] ?? otherWords[word]
}

/** @param isNoted whether the user is warned that the agent differs from what its author wrote. */
function agentWidening(own, fields, {tool, isNoted}) {
  const {allowed, denied, deniedByName, isLimited} = accessOf(own)
  if (!isLimited) return undefined
  const isAllowed = (capability) => (allowed?.has(capability) ?? true) && !denied.has(capability)
  if (fields.readonly === true || fields.sandbox_mode === 'read-only') {
    if (!isAllowed('read or grep')) return 'it can read'
    if ([...deniedByName].some((each) => !writes.includes(each))) return `${[...deniedByName].join(', ')} is denied`
    if (writes.some(isAllowed) && allowed) return 'it is read-only though it may write'
    return isNoted || isSet(own.readonly) ? undefined : 'it can use the web, without a warning'
  }
  if (tool === 'claude-code') return claudeWidening(own, fields, isAllowed)
  const given = listIn(fields)
  if (!given) return 'every tool'
  const more = given.filter((word) => !meanings[tool]?.[word]?.every(isAllowed))
  return more.length > 0 ? more.join(', ') : undefined
}

/** Limits in its own fields stay as they are. Others become a list of tools. */
function claudeWidening(own, fields, isAllowed) {
  const isSame = (field) => JSON.stringify(own[field]) === JSON.stringify(fields[field])
  const foreign = [
    'allowed-tools',
    'allowedTools',
    'permission',
    'readonly',
    'sandbox_mode',
    'excludedTools',
    'disallowed-tools',
  ]
  const isOwn =
    foreign.every((field) => !isSet(own[field])) &&
    (own.tools === undefined || own.tools === null || typeof own.tools !== 'object' || Array.isArray(own.tools))
  if (isOwn && ['tools', 'disallowedTools', 'permissionMode'].every(isSame)) return undefined
  if (fields.memory !== undefined) return 'memory turns tools on'
  const given = wordsIn(fields.tools)
  if (given.length === 0) return 'every tool'
  return given.find((word) => !(meaningOf(word) ?? []).every(isAllowed))
}

function listIn(fields) {
  if (fields.permission)
    return Object.keys(fields.permission)[0] === '*' ? Object.keys(fields.permission).slice(1) : undefined
  const list = fields['allowed-tools'] ?? fields.tools
  return Array.isArray(list) && list.length > 0 ? list : undefined
}

/** The words of a list; a scope in parentheses belongs to its word. */
function wordsIn(list) {
  return Array.isArray(list) ? list.map(String) : (String(list ?? '').match(/(?:[^\s,(]|\([^)]*\)?)+/g) ?? [])
}

const order = ['manual', 'files', 'relevant', 'always']

function ruleWidening({path, frontmatter}, file, fields) {
  const wanted = activation(frontmatter, path)
  const given = file.path.endsWith('/SKILL.md')
    ? fields['disable-model-invocation'] === true
      ? 'manual'
      : 'relevant'
    : activation(fields, file.path)
  return order.indexOf(given) > order.indexOf(wanted) ? `${given} instead of ${wanted}` : undefined
}

/** Matches patterns with one that matches all files. */
const everything = /(^|,)\s*["']?\*\*(\/\*)?["']?\s*(,|$)/

function activation(fields, path) {
  const {alwaysApply, trigger, inclusion, description, applyTo} = fields
  const patterns = ['globs', 'paths', 'fileMatchPattern']
    .map((field) => String(fields[field] ?? '').trim())
    .filter(Boolean)
  const isOnRequest = /\.mdc$|\.instructions\.md$/.test(path)
  const {globs} = fields
  if ((trigger === 'glob' || inclusion === 'fileMatch') && everything.test(String(globs ?? fields.fileMatchPattern)))
    return 'always'
  if (trigger)
    return {always_on: 'always', glob: 'files', manual: 'manual', model_decision: 'relevant'}[trigger] ?? 'always'
  if (inclusion)
    return {always: 'always', fileMatch: 'files', manual: 'manual', auto: 'relevant'}[inclusion] ?? 'always'
  if (alwaysApply === true) return 'always'
  if (applyTo) patterns.push(String(applyTo))
  if (patterns.length > 0) return patterns.some((each) => everything.test(each)) ? 'always' : 'files'
  if (alwaysApply === undefined && !isOnRequest) return 'always'
  return typeof description === 'string' && description.trim() !== '' ? 'relevant' : 'manual'
}

function skillWidening(type, {frontmatter, policy}, file, {fields, files, tool}) {
  const isMain = file.path.endsWith('/SKILL.md')
  // Users start commands themselves in the tools that don't have them as skills.
  const isStarted = !isMain && tool !== 'claude-code'
  const own = {...frontmatter, ...(policy === false && {'disable-model-invocation': true})}
  const limits = [
    'disable-model-invocation',
    'user-invocable',
    'paths',
    'context',
    'disallowed-tools',
    'disallowedTools',
    'readonly',
  ].filter(
    (field) =>
      isSet(own[field]) &&
      (field === 'user-invocable' ? !/^(true|yes|on|1)$/i.test(String(own[field])) : !isOff(own[field])),
  )
  const lost = limits.find(
    (limit) => !(isStarted && limit === 'disable-model-invocation') && !honored[tool]?.includes(limit),
  )
  if (lost) return `${lost} is ignored`
  if (type === 'command') {
    if (accessOf({tools: own.tools}).isLimited) return 'tools is ignored'
    if (limits.includes('paths')) return 'paths is ignored'
    const agent = own.agent ?? own.mode
    const isFork = tool === 'claude-code' && own.context === 'fork'
    if (isSet(agent) && !['agent', 'build', 'general-purpose'].includes(agent) && !isFork && fields.agent !== agent)
      return 'agent is lost'
  }
  if (!isStarted && limits.includes('disable-model-invocation')) {
    if (tool === 'codex') return hasPolicy(files) ? undefined : 'no policy'
    if (tool === 'devin') return fields.triggers?.includes('model') === false ? undefined : 'no triggers'
    if (fields['disable-model-invocation'] !== true) return 'disable-model-invocation is lost'
  }
  if (limits.includes('user-invocable') && tool !== 'devin' && fields['user-invocable'] !== false)
    return 'user-invocable is lost'
  return undefined
}

function hasPolicy(files) {
  return files.some(
    ({path, content}) => path.endsWith('openai.yaml') && /allow_implicit_invocation: false/.test(String(content)),
  )
}

/** The fields of a file; Cursor's patterns are bare, which isn't YAML. */
export function fieldsIn({path, content}) {
  const text = String(content)
  if (path.endsWith('.toml')) return parseToml(text)
  const [, head = ''] = /^---\r?\n([^]*?)\r?\n---/.exec(text.replace(/^\uFEFF/, '')) ?? []
  try {
    return (
      parseYaml(head.replaceAll(/^globs: *([^"'[\n][^\n]*)$/gm, (_, globs) => `globs: ${JSON.stringify(globs)}`)) ?? {}
    )
  } catch {
    const pairs = [...head.matchAll(/^([\w-]+):[ \t]*(.*)$/gm)].map(([, key, value]) => [
      key,
      value === 'true' ? true : value === 'false' ? false : value,
    ])
    return Object.fromEntries(pairs)
  }
}
