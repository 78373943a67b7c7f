package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azsecrets"
)

// listed gives the secrets whose names begin so, and how many pages that took.
func listed(ctx context.Context, vault *azsecrets.Client, prefix string) (items []*azsecrets.SecretProperties, pages int) {
	for pager := vault.NewListSecretPropertiesPager(nil); pager.More(); pages++ {
		page := must(pager.NextPage(ctx)).Value
		check(len(page) <= 25, len(page))
		for _, item := range page {
			if strings.HasPrefix(item.ID.Name(), prefix) {
				items = append(items, item)
			}
		}
	}
	return items, pages
}

func versionsOf(ctx context.Context, vault *azsecrets.Client, name string) (versions []string) {
	for pager := vault.NewListSecretPropertiesVersionsPager(name, nil); pager.More(); {
		for _, item := range must(pager.NextPage(ctx)).Value {
			versions = append(versions, item.ID.Version())
		}
	}
	return versions
}

func lists() []scenario {
	vault := client(signedIn())
	return []scenario{
		{"60 secrets in pages", func(ctx context.Context) string {
			for at := range 60 {
				put(ctx, vault, fmt.Sprintf("page-%02d", at), parameters{Value: to.Ptr("v"), ContentType: to.Ptr("t")})
			}
			items, pages := listed(ctx, vault, "page-")
			names := map[string]bool{}
			for _, item := range items {
				names[item.ID.Name()] = true
				check(item.ID.Version() == "" && *item.ContentType == "t", *item.ID)
			}
			equal(len(items), 60)
			equal(len(names), 60)
			check(names["page-00"] && names["page-59"] && pages >= 3, pages)
			return ""
		}},
		{"60 secrets in pages of 7", func(context.Context) string { return "the SDK names no page size" }},
		{"30 versions", func(ctx context.Context) string {
			written := map[string]string{}
			for at := range 30 {
				written[set(ctx, vault, "thirty", fmt.Sprint(at))] = fmt.Sprint(at)
			}
			found := versionsOf(ctx, vault, "thirty")
			equal(len(found), 30)
			for _, version := range found {
				equal(*get(ctx, vault, "thirty", version).Value, written[version])
				delete(written, version)
			}
			equal(len(written), 0)
			return ""
		}},
		{"versions of an unknown name", func(ctx context.Context) string {
			equal(len(versionsOf(ctx, vault, "absent")), 0)
			return ""
		}},
	}
}
