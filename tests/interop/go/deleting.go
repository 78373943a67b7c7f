package main

import (
	"context"
	"errors"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azsecrets"
)

const patience = 30 * time.Second

// until repeats a call for as long as it is refused with status: the SDK has no pollers, and after a purge no call
// tells when the name is free again.
func until[T any](status int, call func() (T, error)) T {
	for deadline := time.Now().Add(patience); ; time.Sleep(200 * time.Millisecond) {
		answer, err := call()
		var refusal *azcore.ResponseError
		if err == nil || !errors.As(err, &refusal) || refusal.StatusCode != status || time.Now().After(deadline) {
			return must(answer, err)
		}
	}
}

func deleting() []scenario {
	vault := client(signedIn())
	bury := func(ctx context.Context, name string) azsecrets.DeleteSecretResponse {
		gone := must(vault.DeleteSecret(ctx, name, nil))
		until(404, func() (azsecrets.GetDeletedSecretResponse, error) { return vault.GetDeletedSecret(ctx, name, nil) })
		return gone
	}
	purge := func(ctx context.Context, name string) {
		must(vault.PurgeDeletedSecret(ctx, name, nil))
		refused(vault.GetDeletedSecret(ctx, name, nil))(404, "SecretNotFound")
	}
	return []scenario{
		{"delete", func(ctx context.Context) string {
			set(ctx, vault, "doomed", "1")
			set(ctx, vault, "doomed", "2")
			gone := bury(ctx, "doomed")
			equal(*gone.RecoveryID, url+"/deletedsecrets/doomed")
			equal(gone.ScheduledPurgeDate.Sub(*gone.DeletedDate), 90*24*time.Hour)
			check(gone.Value == nil)
			refused(vault.GetSecret(ctx, "doomed", "", nil))(404, "SecretNotFound")
			equal(*must(vault.GetDeletedSecret(ctx, "doomed", nil)).RecoveryID, *gone.RecoveryID)
			left, _ := listed(ctx, vault, "doomed")
			equal(len(left), 0)
			return ""
		}},
		{"deleted secrets in a list", func(ctx context.Context) string {
			set(ctx, vault, "doomed-too", "1")
			bury(ctx, "doomed-too")
			names := map[string]bool{}
			for pager := vault.NewListDeletedSecretPropertiesPager(nil); pager.More(); {
				for _, item := range must(pager.NextPage(ctx)).Value {
					names[item.ID.Name()] = true
				}
			}
			check(names["doomed"] && names["doomed-too"], names)
			return ""
		}},
		{"set on a deleted name", func(ctx context.Context) string {
			refused(vault.SetSecret(ctx, "DOOMED", parameters{Value: to.Ptr("3")}, nil))(409, "ObjectIsDeletedButRecoverable")
			return ""
		}},
		{"recover", func(ctx context.Context) string {
			must(vault.RecoverDeletedSecret(ctx, "doomed", nil))
			got := until(404, func() (azsecrets.GetSecretResponse, error) { return vault.GetSecret(ctx, "doomed", "", nil) })
			equal(*got.Value, "2")
			equal(len(versionsOf(ctx, vault, "doomed")), 2)
			refused(vault.GetDeletedSecret(ctx, "doomed", nil))(404, "SecretNotFound")
			return ""
		}},
		{"purge", func(ctx context.Context) string {
			bury(ctx, "doomed")
			purge(ctx, "doomed")
			until(409, func() (azsecrets.SetSecretResponse, error) {
				return vault.SetSecret(ctx, "doomed", parameters{Value: to.Ptr("new")}, nil)
			})
			equal(len(versionsOf(ctx, vault, "doomed")), 1)
			return ""
		}},
		{"backup and restore", func(ctx context.Context) string {
			first := put(ctx, vault, "kept", parameters{Value: to.Ptr("1"), Tags: tags{"a": to.Ptr("b")}})
			set(ctx, vault, "kept", "2")
			blob := azsecrets.RestoreSecretParameters{SecretBackup: must(vault.BackupSecret(ctx, "kept", nil)).Value}
			bury(ctx, "kept")
			refused(vault.RestoreSecret(ctx, blob, nil))(409, "ObjectIsDeletedButRecoverable")
			purge(ctx, "kept")
			restored := until(409, func() (azsecrets.RestoreSecretResponse, error) { return vault.RestoreSecret(ctx, blob, nil) })
			equal(restored.ID.Name(), "kept")
			equal(*get(ctx, vault, "kept", "").Value, "2")
			got := get(ctx, vault, "kept", first)
			equal(*got.Value, "1")
			same(got.Tags, map[string]string{"a": "b"})
			return ""
		}},
		{"restore over a secret", func(ctx context.Context) string {
			set(ctx, vault, "there", "1")
			blob := must(vault.BackupSecret(ctx, "there", nil)).Value
			refused(vault.RestoreSecret(ctx, azsecrets.RestoreSecretParameters{SecretBackup: blob}, nil))(409, "Conflict")
			equal(*get(ctx, vault, "there", "").Value, "1")
			return ""
		}},
		{"damaged backup", func(ctx context.Context) string {
			blob := azsecrets.RestoreSecretParameters{SecretBackup: []byte("nonsense")}
			refused(vault.RestoreSecret(ctx, blob, nil))(400, "Malformed backup blob")
			return ""
		}},
	}
}
