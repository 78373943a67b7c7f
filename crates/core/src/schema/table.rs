//! The typed schemas, field by field.

use super::Field;
use super::FieldType::{Boolean, Literal, Optional, Required, Text};

const fn field(key: &'static str, holds: super::FieldType) -> Field {
    Field { key, holds }
}

/// Type string and fields, in the order that ZenML declares them.
pub(super) const TYPED: &[(&str, &[Field])] = &[
    (
        "aws",
        &[
            field("aws_access_key_id", Required),
            field("aws_secret_access_key", Required),
            field("aws_session_token", Optional),
        ],
    ),
    (
        "azure",
        &[
            field("account_name", Optional),
            field("account_key", Optional),
            field("sas_token", Optional),
            field("connection_string", Optional),
            field("client_id", Optional),
            field("client_secret", Optional),
            field("tenant_id", Optional),
        ],
    ),
    ("gcp", &[field("token", Required)]),
    ("basic_auth", &[field("username", Required), field("password", Required)]),
    (
        "whylabs",
        &[
            field("whylabs_default_org_id", Required),
            field("whylabs_api_key", Required),
            field("whylabs_default_dataset_id", Optional),
        ],
    ),
    (
        "seldon_s3",
        &[
            field("rclone_config_s3_type", Literal("s3")),
            field("rclone_config_s3_provider", Text("aws")),
            field("rclone_config_s3_env_auth", Boolean(false)),
            field("rclone_config_s3_access_key_id", Optional),
            field("rclone_config_s3_secret_access_key", Optional),
            field("rclone_config_s3_session_token", Optional),
            field("rclone_config_s3_region", Optional),
            field("rclone_config_s3_endpoint", Optional),
        ],
    ),
    (
        "seldon_gs",
        &[
            field("rclone_config_gs_type", Literal("google cloud storage")),
            field("rclone_config_gs_client_id", Optional),
            field("rclone_config_gs_client_secret", Optional),
            field("rclone_config_gs_project_number", Optional),
            field("rclone_config_gs_service_account_credentials", Optional),
            field("rclone_config_gs_anonymous", Boolean(false)),
            field("rclone_config_gs_token", Optional),
            field("rclone_config_gs_auth_url", Optional),
            field("rclone_config_gs_token_url", Optional),
        ],
    ),
    (
        "seldon_az",
        &[
            field("rclone_config_az_type", Literal("azureblob")),
            field("rclone_config_az_env_auth", Boolean(false)),
            field("rclone_config_az_account", Optional),
            field("rclone_config_az_key", Optional),
            field("rclone_config_az_sas_url", Optional),
            field("rclone_config_az_use_msi", Boolean(false)),
            field("rclone_config_az_client_secret", Optional),
            field("rclone_config_az_client_id", Optional),
            field("rclone_config_az_tenant", Optional),
        ],
    ),
    (
        "kserve_s3",
        &[
            field("aws_access_key_id", Optional),
            field("aws_secret_access_key", Optional),
            field("s3_endpoint", Optional),
            field("s3_region", Optional),
            field("s3_use_https", Optional),
            field("s3_verify_ssl", Optional),
        ],
    ),
    ("kserve_gs", &[field("google_application_credentials", Optional)]),
    (
        "kserve_az",
        &[
            field("azure_client_id", Optional),
            field("azure_client_secret", Optional),
            field("azure_tenant_id", Optional),
            field("azure_subscription_id", Optional),
        ],
    ),
];

/// Keys that ZenML 0.34 stored under the same type strings.
pub(super) const OLDER: &[(&str, &[&[&str]])] = &[
    (
        "seldon_az",
        &[&[
            "rclone_config_azureblob_type",
            "rclone_config_azureblob_account",
            "rclone_config_azureblob_key",
            "rclone_config_azureblob_sas_url",
            "rclone_config_azureblob_use_msi",
        ]],
    ),
    (
        "kserve_s3",
        &[&[
            "storage_type",
            "credentials",
            "service_account",
            "s3_endpoint",
            "s3_region",
            "s3_profile",
            "s3_use_https",
            "s3_verify_ssl",
        ]],
    ),
    ("kserve_gs", &[&["storage_type", "credentials", "service_account"]]),
    ("kserve_az", &[&["storage_type", "credentials", "service_account"]]),
];
