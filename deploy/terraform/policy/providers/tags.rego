package main

import rego.v1

required := {"Environment", "ManagedBy", "Owner", "Project"}

providers contains provider if some provider in input.provider.aws

# hcl2 gives a reference as text: local.tags is looked up.
tags_of(provider) := object.keys(tags) if {
	some block in provider.default_tags
	tags := block.tags
	is_object(tags)
}

tags_of(provider) := object.keys(input.locals[_].tags) if {
	some block in provider.default_tags
	block.tags == "${local.tags}"
}

deny contains "no provider is set up here" if count(providers) == 0

deny contains sprintf("provider %s does not tag with all of %v", [object.get(provider, "alias", "aws"), required]) if {
	some provider in providers
	count(required - object.get({"tags": tags_of(provider)}, "tags", set())) > 0
}

deny contains sprintf("provider %s does not tag", [object.get(provider, "alias", "aws")]) if {
	some provider in providers
	not tags_of(provider)
}

deny contains sprintf("provider %s would work in any account", [object.get(provider, "alias", "aws")]) if {
	some provider in providers
	count(object.get(provider, "allowed_account_ids", [])) == 0
}
