/** A chapter of the reference. */
export interface Section {
  readonly title: string;
  readonly intro: string;
  /** Exports, in order. `tasks` and `roles`: all that return one, but those that other chapters name. */
  readonly entries: readonly string[] | 'tasks' | 'roles';
  /** What its entries are made of is nobody's business. */
  readonly isOpaque?: boolean;
}

/** The chapters of the reference. What `src/index.ts` exports has its place in one of them. */
export const SECTIONS: readonly Section[] = [
  {
    title: 'Playbooks',
    intro: 'Who gets what, and what a playbook can ask for. [Writing](writing.md) tells it in order.',
    entries: [
      'playbook',
      'PlaybookContext',
      'SecretSource',
      'play',
      'Item',
      'RoleContext',
      'Host',
      'privateAddressOf',
      'Facts',
      'Inventory',
      'selectHosts',
    ],
  },
  {
    title: 'Options of every task and role',
    intro: "They stand among the options of a task; a role takes its own second: `nginx({}, {tags: 'web'})`.",
    entries: ['TaskOptions', 'RoleOptions', 'onlyWhere'],
  },
  {
    title: 'Handlers',
    intro: 'For `notify`. They run once, at the end of the play, if a task that names them changed something.',
    entries: ['reload', 'restart', 'restartServer', 'reloadTls', 'Handler'],
  },
  {
    title: 'Tasks',
    intro: 'Paths are those of the server. An option that is left out is left alone there.',
    entries: 'tasks',
  },
  {
    title: 'Roles',
    intro: 'Each is a list of tasks that follows from its options, the host and the inventory.',
    entries: 'roles',
  },
  {
    title: 'Certificates',
    intro: 'Where they come from, and how a role of your own puts them on a host.',
    entries: [
      'CertificateSource',
      'Authority',
      'LeafRequest',
      'Leaf',
      'CertificateUsage',
      'ownCertificate',
      'transferKey',
      'SEED_PORT',
      'OwnCertificate',
      'acme',
      'AcmeCertificate',
      'certificateFor',
      'authorityFile',
    ],
  },
  {
    title: 'What a host listens to',
    intro: 'Roles declare it; the firewall opens it and `infra graph` draws it.',
    entries: ['listens', 'Audience', 'audiences', 'Listening', 'Opening'],
  },
  {
    title: 'Tasks and roles of your own',
    intro: '[Writing](writing.md#a-task-of-your-own) shows one of each.',
    entries: [
      'defineTask',
      'TaskDefinition',
      'Action',
      'Attribute',
      'Guard',
      'Environment',
      'defineRole',
      'z',
      'sh',
      'raw',
      'join',
      'uninterrupted',
      'Reply',
      'parseKeyValues',
    ],
  },
  {
    title: 'Made for you',
    intro:
      'What passes between the functions above. There is no need to look inside: they are made by functions, and handed on.',
    entries: [
      'Playbook',
      'Play',
      'Items',
      'Role',
      'Task',
      'TaskOfHost',
      'Command',
      'Secret',
      'Content',
      'Unknown',
      'UnreadableReply',
      'BASELINE_RULES',
    ],
    isOpaque: true,
  },
];
