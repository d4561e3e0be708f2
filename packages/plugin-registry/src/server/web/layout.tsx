import type {ComponentChildren, JSX} from 'preact'

import type {AssetName} from './assets.js'
import type {Links} from './links.js'

interface LayoutProps {
  title: string
  notice?: string | undefined
  searched?: string
  /** Whether the content has a search field. */
  hasOwnSearch?: boolean
  scripts?: readonly AssetName[]
  asset: (name: AssetName) => string
  links: Links
  hasLogin: boolean
  isLoggedIn: boolean
  version: string
  /** The path and query of the request. */
  address: string
  children: ComponentChildren
}

/** What every page has around its content. */
export function Layout({title, searched, scripts = [], asset, links, children, ...rest}: LayoutProps): JSX.Element {
  const {hasLogin, isLoggedIn, version, address, hasOwnSearch, notice} = rest
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>{`${title} · apkg`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <link rel="icon" href={asset('icon.svg')} type="image/svg+xml" />
        <link rel="stylesheet" href={asset('style.css')} />
        {(['page.js', ...scripts] as const).map((name) => (
          <script key={name} type="module" src={asset(name)} />
        ))}
      </head>
      <body>
        <a class="skip" href="#content">
          Skip to content
        </a>
        <header class="top">
          <div class="bar">
            <a class="brand" href={links.home()}>
              <img src={asset('icon.svg')} alt="" width="28" height="28" />
              apkg
            </a>
            {hasOwnSearch ? null : <SearchForm links={links} searched={searched} id="search" />}
            {hasLogin && (
              <nav class="account" aria-label="Account">
                {isLoggedIn ? <a href={links.to('/-/account')}>Account</a> : <a href={links.login(address)}>Log in</a>}
              </nav>
            )}
          </div>
        </header>
        <main id="content" tabIndex={-1}>
          {notice !== undefined && (
            <p class="notice" role="status" tabIndex={-1} autofocus>
              <bdi>{notice}</bdi>
            </p>
          )}
          {children}
        </main>
        <footer class="bottom">
          <div class="bar">
            <span>apkg registry {version}</span>
            <a href={links.to('/openapi.json')}>API</a>
          </div>
        </footer>
        <p id="status" class="sr-only" role="status" />
      </body>
    </html>
  )
}

interface SearchFormProps {
  links: Links
  searched?: string | undefined
  id: string
}

/** The search field, which works without JavaScript. */
function SearchForm({links, searched, id}: SearchFormProps): JSX.Element {
  return (
    <form class="search" role="search" action={links.to('/-/search')} method="get">
      <label class="sr-only" for={id}>
        Search packages
      </label>
      <input
        {...{id, type: 'search', name: 'q', value: searched ?? '', maxLength: 256, placeholder: 'Search packages'}}
        {...{autocomplete: 'off', autocapitalize: 'none', spellcheck: false, enterkeyhint: 'search'}}
      />
      <button type="submit">Search</button>
    </form>
  )
}
