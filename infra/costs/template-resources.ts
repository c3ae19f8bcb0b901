/** As much of a template as costs depend on. */
export type CostTemplate = {
  Resources: Readonly<
    Record<string, { Type: string; Properties?: Readonly<Record<string, unknown>> | undefined }>
  >;
};

export type Found = { id: string; properties: Readonly<Record<string, unknown>> };

export const resourcesOf = (templates: readonly CostTemplate[], type: string): Found[] =>
  templates.flatMap(({ Resources }) =>
    Object.entries(Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([id, { Properties: properties = {} }]) => ({ id, properties })),
  );

/** The function that a rule calls, itself or by an alias. */
export const functionBehind = (templates: readonly CostTemplate[], rule: Found): Found | undefined => {
  const targets = JSON.stringify(rule.properties['Targets']);
  const names = (id: string) => targets.includes(`"${id}"`);
  const functions = resourcesOf(templates, 'AWS::Lambda::Function');
  const direct = functions.find(({ id }) => names(id));
  if (direct) return direct;
  const alias = resourcesOf(templates, 'AWS::Lambda::Alias').find(({ id }) => names(id));
  const named = JSON.stringify(alias?.properties['FunctionName'] ?? '');
  return functions.find(({ id }) => named.includes(`"${id}"`));
};
