import type { IpAddress } from "../base/ip_address.ts";
import type { BoundedMap } from "../base/bounded_map.ts";
import type { AccessLists } from "../access/access_list.ts";
import type { Config } from "../config/config.ts";
import type { BindingTable } from "../registrar/binding_table.ts";
import type { AnswerBudget } from "./answer_budget.ts";
import type { Env } from "./env.ts";
import type { DialogTable } from "./dialog_table.ts";
import type { PendingRegistrations } from "./pending_registrations.ts";
import type { TransactionMemo } from "./transaction_memo.ts";

/** What a run reads: the proxy's memory and the world at this moment. */
export interface World {
  readonly state: ProxyState;
  readonly env: Env;
}

/** All that the signalling isolate remembers; a run reads it, only applied actions change it. */
export interface ProxyState {
  readonly config: Config;
  readonly access: AccessLists;
  readonly bindings: BindingTable;
  readonly dialogs: DialogTable;
  readonly memo: TransactionMemo;
  readonly pending: PendingRegistrations;
  readonly answerBudget: AnswerBudget;
  /** Outbound addresses that took a REGISTER of ours or are party to a dialog. */
  readonly knownPeers: BoundedMap<IpAddress, "peer">;
}
