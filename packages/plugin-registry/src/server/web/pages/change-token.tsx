import {Refusal} from '../../http/refusal.js'
import type {BrowserSessions} from '../browser-sessions.js'
import type {BodyOf} from '../call.js'
import type {Page, PageContent, PageContext} from '../page.js'
import {answerChange, changePage, whoConfirms} from './change-page.js'
import type {FormProblem} from './fields.js'
import {tokensPath, valuePage} from './token-value.js'

type Token = BodyOf<'getToken'>

/** What can be done with a token, on a page that asks to confirm it. */
export const tokenActions = {
  rotate: {
    title: 'Rotate',
    effect:
      'It gets a new value, which is shown once. The old one works for another day after the new one is first used.',
  },
  suspend: {title: 'Suspend', effect: 'It is refused until you resume it.'},
  resume: {title: 'Resume', effect: 'It works again.'},
  revoke: {title: 'Revoke', effect: 'It is refused from now on. This cannot be undone.'},
} as const

export type TokenAction = keyof typeof tokenActions

/** Tokens are rotated, suspended, resumed and revoked here. */
export function changeTokenPages(sessions: BrowserSessions): Page[] {
  return [
    {url: '/-/account/change-token', needsLogin: true, answer: (context) => askToChange(context, sessions)},
    {url: '/-/account/change-token', method: 'POST', needsLogin: true, answer: (context) => change(context, sessions)},
  ]
}

/** What can be done with a token in its state. */
export function tokenActionsOf({status}: Pick<Token, 'status'>): TokenAction[] {
  if (status === 'active') return ['rotate', 'suspend', 'revoke']
  if (status === 'suspended') return ['resume', 'revoke']
  return status === 'revoked' ? [] : ['revoke']
}

async function askToChange(
  context: PageContext,
  sessions: BrowserSessions,
  problems: readonly FormProblem[] = [],
): Promise<PageContent> {
  const {call, query, form} = context
  const {id = '', action = ''} = {...query, ...form}
  const token = await call('getToken', {params: {id}})
  if (!isAction(action)) throw new Refusal('NOT_FOUND')
  const {title, effect} = tokenActions[action]
  const explanation = action === 'rotate' ? effect + endedEarly(token) : effect
  return changePage(context, {
    title: `${title} ${token.name}`,
    heading: (
      <>
        {title} <bdi>{token.name}</bdi>?
      </>
    ),
    ...{explanation, problems, action: '/-/account/change-token'},
    hidden: {id: token.id, action, prefix: token.prefix},
    confirms: action === 'rotate' || action === 'resume' ? await whoConfirms(context, sessions) : undefined,
    ...{submit: title, cancel: `/-/account/token?id=${token.id}`},
  })
}

/** A token has at most two values, so a rotation ends the one that the rotation before replaced. */
function endedEarly({oldValue}: Token): string {
  if (!oldValue?.endsAt) return ''
  return ` It was rotated before: the value that was replaced then, ${oldValue.prefix}…, ends now, even if its day is not over.`
}

function isAction(text: string): text is TokenAction {
  return Object.hasOwn(tokenActions, text)
}

async function change(context: PageContext, sessions: BrowserSessions): Promise<PageContent | undefined> {
  const {call, form} = context
  const {id = '', action = '', prefix} = form
  if (!isAction(action)) throw new Refusal('NOT_FOUND')
  const params = {id}
  const ask = (problems: readonly FormProblem[]) => askToChange(context, sessions, problems)
  return answerChange(context, sessions, {
    ask,
    change: async () => {
      const token = await call('getToken', {params})
      if (action === 'rotate') {
        // A repetition would replace the value that was shown.
        if (token.prefix !== prefix) return ask([{text: 'It was already rotated, and the new value was shown once.'}])
        return valuePage(context, await call('rotateToken', {params}), 'Token rotated')
      }
      return changeStatus(context, token, action)
    },
  })
}

async function changeStatus(
  {call, redirect}: PageContext,
  {id, name, organization}: Token,
  action: Exclude<TokenAction, 'rotate'>,
): Promise<PageContent | undefined> {
  const params = {id}
  const details = `/-/account/token?id=${id}`
  switch (action) {
    case 'suspend':
      await call('suspendToken', {params})
      return redirect(details, `The token “${name}” was suspended.`)
    case 'resume':
      await call('resumeToken', {params})
      return redirect(details, `The token “${name}” was resumed. It works again.`)
    case 'revoke':
      await call('revokeToken', {params})
      return redirect(tokensPath(organization), `The token “${name}” was revoked.`)
  }
}
