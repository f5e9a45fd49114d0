import {setTimeout as sleep} from 'node:timers/promises';
import type {Cluster} from './cluster.js';
import {beginsStep, cutPower, freeze, wake} from './faults.js';
import {CONTROLLER} from './network.js';
import type {Play} from './play-scenario.js';

/* Ways of a primary to die and come back besides a power cut: it is not dead, and does not know that it was replaced. */

type Death = Pick<Play, 'die' | 'comeBack'>;

/** The server hangs, and goes on after it was replaced. */
export function zombie(): Death {
  return {
    die: async (server, network) => {
      await network.cut(server, CONTROLLER);
      await freeze(server);
    },
    comeBack: async (server, network) => {
      await wake(server);
      await sleep(3000);
      await network.heal();
    },
  };
}

/** The network of the first server is gone while commits wait, and comes back. */
export function isolated({servers: [, second, third], balancer}: Cluster): Death {
  return {
    die: async (server, network) => {
      // The one that is promoted last, so that it has received everything.
      for (const other of [third, second]) await network.cut(server, other);
      await sleep(1500);
      for (const other of [CONTROLLER, balancer]) await network.cut(server, other);
    },
    comeBack: (_, network) => network.heal(),
  };
}

/** The power of the first server is cut at a step of its replacement by the second one. */
export function duringSwitchover({servers: [, second], project, inventory}: Cluster, step: number): Death {
  return {
    die: async (server, network) => {
      const running = project.start(['db', 'switchover', second.name, '--yes', ...inventory]);
      await running.printed(beginsStep(step));
      await cutPower(server, network);
      await running.outcome;
    },
  };
}

/** The server hangs as long as it is away, while its host goes on. */
export function hanging(): Death {
  return {die: freeze, comeBack: wake};
}
