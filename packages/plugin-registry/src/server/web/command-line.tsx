import type {JSX} from 'preact'

/** A command to run, with a button that copies it if JavaScript is available. */
export function CommandLine({command, label}: {command: string; label: string}): JSX.Element {
  return (
    <div class="command" data-copy={command} data-copy-label={label}>
      <code>{command}</code>
    </div>
  )
}
