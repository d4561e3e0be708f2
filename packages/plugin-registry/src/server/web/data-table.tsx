import type {ComponentChildren, JSX} from 'preact'

interface DataTableProps {
  /** What the table lists, for screen readers. */
  label: string
  columns: readonly string[]
  /** Rows. */
  children: ComponentChildren
}

/** A table that scrolls sideways on a narrow screen. It can be focused, so that the keyboard scrolls it too. */
export function DataTable({label, columns, children}: DataTableProps): JSX.Element {
  return (
    <div class="scroll" role="region" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}
