/** As SQLite's migration with this number. */
const tables = `
CREATE TABLE downloads (
  package_id bigint NOT NULL REFERENCES packages (id),
  day bigint NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (package_id, day)
);
CREATE INDEX downloads_age ON downloads (day);

CREATE TABLE most_installed (
  package_id bigint PRIMARY KEY REFERENCES packages (id),
  downloads bigint NOT NULL
);
CREATE INDEX most_installed_order ON most_installed (downloads DESC);

CREATE TABLE dependents (
  dependency text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  package_id bigint NOT NULL REFERENCES packages (id),
  version_range text COLLATE "C" NOT NULL,
  PRIMARY KEY (dependency, name)
);
CREATE INDEX dependents_package ON dependents (package_id);
INSERT INTO dependents (dependency, name, package_id, version_range)
SELECT d.key, p.name, p.id, d.value
FROM dist_tags t JOIN packages p ON p.id = t.package_id
  JOIN versions v ON v.package_id = p.id AND v.version = t.version
  CROSS JOIN LATERAL jsonb_each_text(v.dependencies::jsonb) d
WHERE t.tag = 'latest' AND v.dependencies IS NOT NULL;
`

export const sql: string = tables
