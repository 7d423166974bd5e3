package main

import rego.v1

# Every resource and data source of the state, however deep its module.
resources contains resource if {
	walk(input.root_module, [_, resource])
	is_object(resource)
	resource.address
	resource.values
}

managed contains resource if {
	some resource in resources
	resource.mode == "managed"
}

of_type(type) := {resource | some resource in managed; resource.type == type}

# A check that saw nothing has found nothing.
deny contains "the state has fewer than 100 resources: nothing was checked" if count(managed) < 100
