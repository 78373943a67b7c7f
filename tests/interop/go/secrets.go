package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azsecrets"
)

type (
	parameters = azsecrets.SetSecretParameters
	changes    = azsecrets.UpdateSecretPropertiesParameters
	attributes = azsecrets.SecretAttributes
	tags       = map[string]*string
)

// set writes a version and gives its id's last part.
func set(ctx context.Context, vault *azsecrets.Client, name, value string) string {
	return put(ctx, vault, name, parameters{Value: &value})
}

func put(ctx context.Context, vault *azsecrets.Client, name string, parameters parameters) string {
	return must(vault.SetSecret(ctx, name, parameters, nil)).ID.Version()
}

func get(ctx context.Context, vault *azsecrets.Client, name, version string) azsecrets.GetSecretResponse {
	return must(vault.GetSecret(ctx, name, version, nil))
}

// same tells whether tags are those of expected; the SDK gives pointers.
func same(seen tags, expected map[string]string) {
	equal(len(seen), len(expected))
	for name, value := range expected {
		check(seen[name] != nil && *seen[name] == value, name)
	}
}

func many(count int) (tags, map[string]string) {
	sent, expected := tags{}, map[string]string{}
	for at := range count {
		sent[fmt.Sprint("tag", at)], expected[fmt.Sprint("tag", at)] = to.Ptr(fmt.Sprint(at)), fmt.Sprint(at)
	}
	return sent, expected
}

func secrets() []scenario {
	vault := client(signedIn())
	refuses := func(ctx context.Context, name string, sent parameters) {
		refused(vault.SetSecret(ctx, name, sent, nil))(400, "BadParameter")
	}
	value, ab := to.Ptr("value"), tags{"a": to.Ptr("b")}
	largest := strings.Repeat("é", 12_800)
	return []scenario{
		{"set and get", func(ctx context.Context) string {
			version := put(ctx, vault, "plain", parameters{Value: value, Tags: ab, ContentType: to.Ptr("text/plain")})
			got := get(ctx, vault, "plain", "")
			equal(*got.Value, "value")
			same(got.Tags, map[string]string{"a": "b"})
			equal(string(*got.ID), url+"/secrets/plain/"+version)
			equal(len(version), 32)
			equal(*got.ContentType, "text/plain")
			check(*got.Attributes.Enabled && got.Attributes.Created.Equal(*got.Attributes.Updated))
			check(time.Since(*got.Attributes.Created).Abs() < time.Minute, got.Attributes.Created)
			equal(*got.Attributes.RecoveryLevel, "Recoverable+Purgeable")
			equal(*got.Attributes.RecoverableDays, 90)
			return ""
		}},
		{"get one version", func(ctx context.Context) string {
			first, second := set(ctx, vault, "versions", "1"), set(ctx, vault, "versions", "2")
			check(first != second)
			equal(*get(ctx, vault, "versions", first).Value, "1")
			equal(*get(ctx, vault, "versions", second).Value, "2")
			equal(*get(ctx, vault, "versions", "").Value, "2")
			return ""
		}},
		{"names that differ in case only", func(ctx context.Context) string {
			set(ctx, vault, "Case-Twin", "1")
			set(ctx, vault, "case-twin", "2")
			equal(*get(ctx, vault, "CASE-TWIN", "").Value, "2")
			equal(len(versionsOf(ctx, vault, "case-TWIN")), 2)
			return ""
		}},
		{"name of 127 characters, not 128", func(ctx context.Context) string {
			longest := strings.Repeat("n", 127)
			set(ctx, vault, longest, "value")
			equal(*get(ctx, vault, longest, "").Value, "value")
			refuses(ctx, longest+"n", parameters{Value: value})
			return ""
		}},
		{"name with an illegal character", func(ctx context.Context) string {
			for _, name := range []string{"a_b", "a.b", "a b", "ä"} {
				refuses(ctx, name, parameters{Value: value})
			}
			return ""
		}},
		{"unknown name", func(ctx context.Context) string {
			refused(vault.GetSecret(ctx, "absent", "", nil))(404, "SecretNotFound")
			refused(vault.DeleteSecret(ctx, "absent", nil))(404, "SecretNotFound")
			return ""
		}},
		{"unknown version", func(ctx context.Context) string {
			set(ctx, vault, "unknown-version", "value")
			refused(vault.GetSecret(ctx, "unknown-version", strings.Repeat("0", 32), nil))(404, "SecretNotFound")
			return ""
		}},
		{"Unicode in value and tags", func(ctx context.Context) string {
			text := "zwölf Boxkämpfer \U0001f510 \u202e\t\r\n\x00 \"'\\ 漢字"
			put(ctx, vault, "unicode", parameters{Value: &text, Tags: tags{"schlüssel": to.Ptr("値\U0001f511")}})
			got := get(ctx, vault, "unicode", "")
			equal(*got.Value, text)
			same(got.Tags, map[string]string{"schlüssel": "値\U0001f511"})
			return ""
		}},
		{"empty value", func(ctx context.Context) string {
			set(ctx, vault, "empty", "")
			equal(*get(ctx, vault, "empty", "").Value, "")
			return ""
		}},
		{"value of 25,600 bytes", func(ctx context.Context) string {
			set(ctx, vault, "largest", largest)
			equal(*get(ctx, vault, "largest", "").Value, largest)
			return ""
		}},
		{"value of 25,601 bytes", func(ctx context.Context) string {
			refuses(ctx, "too-large", parameters{Value: to.Ptr(largest + "x")})
			return ""
		}},
		{"content type of 255 characters, not 256", func(ctx context.Context) string {
			longest := strings.Repeat("t", 255)
			put(ctx, vault, "typed", parameters{Value: value, ContentType: &longest})
			equal(*get(ctx, vault, "typed", "").ContentType, longest)
			refuses(ctx, "typed", parameters{Value: value, ContentType: to.Ptr(longest + "t")})
			return ""
		}},
		{"15 tags", func(ctx context.Context) string {
			sent, expected := many(15)
			put(ctx, vault, "tags", parameters{Value: value, Tags: sent})
			same(get(ctx, vault, "tags", "").Tags, expected)
			return ""
		}},
		{"16 tags", func(ctx context.Context) string {
			sent, _ := many(16)
			refuses(ctx, "tags", parameters{Value: value, Tags: sent})
			return ""
		}},
		{"tags of a new version are its own", func(ctx context.Context) string {
			first := put(ctx, vault, "own-tags", parameters{Value: value, Tags: ab})
			set(ctx, vault, "own-tags", "2")
			same(get(ctx, vault, "own-tags", "").Tags, nil)
			same(get(ctx, vault, "own-tags", first).Tags, map[string]string{"a": "b"})
			return ""
		}},
		{"update one version", func(ctx context.Context) string {
			first := put(ctx, vault, "update-one", parameters{Value: to.Ptr("1"), Tags: ab})
			put(ctx, vault, "update-one", parameters{Value: to.Ptr("2"), Tags: ab})
			change := changes{Tags: tags{"c": to.Ptr("d")}, ContentType: to.Ptr("t")}
			changed := must(vault.UpdateSecretProperties(ctx, "update-one", first, change, nil))
			equal(changed.ID.Version(), first)
			equal(*changed.ContentType, "t")
			check(changed.Value == nil)
			got := get(ctx, vault, "update-one", first)
			equal(*got.Value, "1")
			same(got.Tags, map[string]string{"c": "d"})
			same(get(ctx, vault, "update-one", "").Tags, map[string]string{"a": "b"})
			return ""
		}},
		{"update without a version", func(ctx context.Context) string {
			first := set(ctx, vault, "update-current", "1")
			put(ctx, vault, "update-current", parameters{Value: to.Ptr("2"), Tags: ab})
			must(vault.UpdateSecretProperties(ctx, "update-current", "", changes{ContentType: to.Ptr("t")}, nil))
			got := get(ctx, vault, "update-current", "")
			equal(*got.Value, "2")
			equal(*got.ContentType, "t")
			same(got.Tags, map[string]string{"a": "b"})
			check(get(ctx, vault, "update-current", first).ContentType == nil)
			return ""
		}},
		{"disabled secret", func(ctx context.Context) string {
			set(ctx, vault, "disabled", "value")
			enable := func(enabled bool) {
				change := changes{SecretAttributes: &attributes{Enabled: &enabled}}
				equal(*must(vault.UpdateSecretProperties(ctx, "disabled", "", change, nil)).Attributes.Enabled, enabled)
			}
			enable(false)
			refused(vault.GetSecret(ctx, "disabled", "", nil))(403, "SecretDisabled")
			items, _ := listed(ctx, vault, "disabled")
			equal(len(items), 1)
			check(!*items[0].Attributes.Enabled)
			enable(true)
			equal(*get(ctx, vault, "disabled", "").Value, "value")
			return ""
		}},
		{"not-before and expiry", func(ctx context.Context) string {
			past, future := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC), time.Date(2040, 2, 3, 0, 0, 0, 0, time.UTC)
			put(ctx, vault, "expired", parameters{Value: value, SecretAttributes: &attributes{Expires: &past}})
			put(ctx, vault, "not-yet", parameters{Value: value, SecretAttributes: &attributes{NotBefore: &future}})
			// The service does not enforce either.
			check(get(ctx, vault, "expired", "").Attributes.Expires.Equal(past))
			got := get(ctx, vault, "not-yet", "")
			equal(*got.Value, "value")
			check(got.Attributes.NotBefore.Equal(future), got.Attributes.NotBefore)
			return ""
		}},
	}
}
