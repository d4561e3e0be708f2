const manifest = (fields) =>
  JSON.stringify({version: '1.0.0', type: 'skill', visibility: 'public', license: 'MIT', ...fields}, null, 2)

const reviewReadme = (extra = '') => `# Review

Reviews a change the way a careful colleague would: correctness first, then naming, then style.

> [!NOTE]
> It reads the diff of the current branch, and never pushes.

## Use

Ask your tool for a review, or run the checks yourself:

\`\`\`sh
scripts/diff.sh main
\`\`\`

## What it looks at

| Area | Severity | Default |
| --- | --- | :-: |
| Correctness | error | yes |
| Security | error | yes |
| Naming | warning | yes |
| Style | hint | no |

- [x] Works offline
- [x] Reads \`.editorconfig\`
- [ ] Suggests a title for the pull request

See [the checklist](docs/checklist.md) and [the guide](https://example.com/guide).${extra}

![The review in a terminal](https://images.example.com/review.png)
`

const skill = (limits, body) => `---
name: review
description: Reviews a change for correctness, security and naming. Use it before you open a pull request.
${limits}---

# Review

${body}
`

/** In the order they are published. */
export const examplePackages = [
  {
    files: {
      'apkg.json': manifest({
        name: '@ada/house-style',
        type: 'rule',
        description: 'Writing rules for documentation: short sentences, active voice, American spelling.',
        keywords: ['docs', 'style'],
      }),
      'README.md': '# House style\n\nRules for everything that people read.\n',
      'house-style.md':
        '---\ndescription: House style for documentation\nglobs: "**/*.md"\n---\n\nWrite short sentences.\n',
    },
  },
  {
    files: {
      'apkg.json': manifest({
        name: '@ada/changelog',
        type: 'command',
        description: 'Drafts a changelog from the commits since the last tag.',
        keywords: ['release', 'changelog'],
      }),
      'README.md': '# Changelog\n\nDrafts a changelog from commits.\n',
      'commands/draft.md':
        '---\ndescription: Draft a changelog\nallowed-tools: Bash(git log:*), Bash(git tag:*)\n---\n\nList the commits since the last tag, grouped by kind.\n',
    },
  },
  {
    files: {
      'apkg.json': manifest({
        name: '@ada/review',
        version: '1.0.0',
        description: 'Reviews a change for correctness, security and naming.',
        keywords: ['review', 'quality'],
        homepage: 'https://example.com/review',
        repository: 'https://github.com/example/review',
      }),
      'README.md': reviewReadme(),
      'SKILL.md': skill('allowed-tools: Read, Grep\n', 'Read the diff. Report what is wrong, most severe first.'),
      'docs/checklist.md': '# Checklist\n\n1. Does it do what it says?\n2. What happens if it fails?\n',
    },
  },
  {
    files: {
      'apkg.json': manifest({
        name: '@ada/review',
        version: '1.2.0',
        description: 'Reviews a change for correctness, security and naming.',
        keywords: ['review', 'quality'],
        homepage: 'https://example.com/review',
        repository: 'https://github.com/example/review',
        dependencies: {'@ada/house-style': '^1.0.0'},
      }),
      'README.md': reviewReadme('\n\nNew in 1.2: it reads the diff with `scripts/diff.sh`.'),
      'SKILL.md': skill(
        'allowed-tools: Read, Grep, Bash(git diff:*)\n',
        'Run `scripts/diff.sh`. Report what is wrong, most severe first.\nThe rules are at https://rules.example.com/latest.',
      ),
      'docs/checklist.md':
        '# Checklist\n\n1. Does it do what it says?\n2. What happens if it fails?\n3. Who reads it?\n',
      'scripts/diff.sh': '#!/bin/sh\nset -eu\ngit diff "${1:-main}"...HEAD\n',
    },
  },
]
