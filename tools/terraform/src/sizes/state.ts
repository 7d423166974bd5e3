export interface Resource {
  address: string;
  type: string;
  values: Record<string, unknown>;
}

export interface Module {
  address?: string;
  resources?: Resource[];
  child_modules?: Module[];
}

export interface State {
  root_module: Module;
}

function resourcesOf(module: Module): Resource[] {
  return [...(module.resources ?? []), ...(module.child_modules ?? []).flatMap(resourcesOf)];
}

/** What a state has of one type, below a module such as `module.primary`. */
export function resourcesIn(state: State, module: string, type: string): Resource[] {
  return resourcesOf(state.root_module).filter((resource) => resource.type === type && resource.address.startsWith(`${module}.`));
}
