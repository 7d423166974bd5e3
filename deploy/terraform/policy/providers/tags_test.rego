package main

import rego.v1

tags := {"Project": "p", "Environment": "e", "Owner": "o", "ManagedBy": "m"}

provider(content) := {"provider": {"aws": [content]}, "locals": [{"tags": tags}]}

good := {"allowed_account_ids": ["${var.account_id}"], "default_tags": [{"tags": tags}]}

test_a_provider_with_all_tags_passes if count(deny) == 0 with input as provider(good)

test_tags_by_reference_are_looked_up if count(deny) == 0 with input as provider(object.union(good, {"default_tags": [{"tags": "${local.tags}"}]}))

test_a_missing_tag_is_found if {
	some message in deny with input as provider(object.union(good, {"default_tags": [{"tags": {"Project": "p"}}]}))
	contains(message, "tag with all of")
}

test_no_tags_are_found if {
	some message in deny with input as provider({"allowed_account_ids": ["1"]})
	contains(message, "does not tag")
}

test_a_provider_for_any_account_is_found if {
	some message in deny with input as provider({"default_tags": [{"tags": tags}]})
	contains(message, "any account")
}

test_a_file_without_providers_is_found if {
	some message in deny with input as {"provider": {"aws": []}}
	contains(message, "no provider")
}
