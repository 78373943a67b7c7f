/*M!999999\- enable the sandbox mode */ 
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `project` (
  `id` char(32) NOT NULL,
  `created` datetime NOT NULL,
  `updated` datetime NOT NULL,
  `name` varchar(255) NOT NULL,
  `display_name` varchar(255) NOT NULL,
  `description` varchar(255) NOT NULL,
  `project_metadata` mediumtext DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `unique_project_name` (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;
INSERT INTO `project` (`id`, `created`, `updated`, `name`, `display_name`, `description`, `project_metadata`) VALUES ('d6791db7258a4a878b6525d76952e34f','2026-11-25 16:43:06','2026-11-25 16:43:06','default','default','','{}');
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `user` (
  `id` char(32) NOT NULL,
  `created` datetime NOT NULL,
  `updated` datetime NOT NULL,
  `name` varchar(255) NOT NULL,
  `is_service_account` tinyint(1) NOT NULL,
  `full_name` varchar(255) NOT NULL,
  `description` text DEFAULT NULL,
  `email` varchar(255) DEFAULT NULL,
  `avatar_url` text DEFAULT NULL,
  `active` tinyint(1) NOT NULL,
  `password` varchar(255) DEFAULT NULL,
  `password_changed_at` datetime DEFAULT NULL,
  `activation_token` varchar(255) DEFAULT NULL,
  `email_opted_in` tinyint(1) DEFAULT NULL,
  `external_user_id` char(32) DEFAULT NULL,
  `is_admin` tinyint(1) NOT NULL,
  `user_metadata` varchar(255) DEFAULT NULL,
  `oidc_claims` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(`oidc_claims`)),
  `default_project_id` char(32) DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `name` (`name`,`is_service_account`),
  KEY `fk_user_default_project_id_project` (`default_project_id`),
  CONSTRAINT `fk_user_default_project_id_project` FOREIGN KEY (`default_project_id`) REFERENCES `project` (`id`) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;
INSERT INTO `user` (`id`, `created`, `updated`, `name`, `is_service_account`, `full_name`, `description`, `email`, `avatar_url`, `active`, `password`, `password_changed_at`, `activation_token`, `email_opted_in`, `external_user_id`, `is_admin`, `user_metadata`, `oidc_claims`, `default_project_id`) VALUES ('62f74401b3b6485484e32b505f5e4b90','2026-11-25 16:43:13','2026-11-25 16:43:13','robot',1,'','trains',NULL,NULL,1,NULL,NULL,NULL,0,NULL,0,NULL,NULL,NULL);
INSERT INTO `user` (`id`, `created`, `updated`, `name`, `is_service_account`, `full_name`, `description`, `email`, `avatar_url`, `active`, `password`, `password_changed_at`, `activation_token`, `email_opted_in`, `external_user_id`, `is_admin`, `user_metadata`, `oidc_claims`, `default_project_id`) VALUES ('6c0354cfad784301a01ccd2d264ce5bf','2026-11-25 16:43:09','2026-11-25 16:43:09','default',0,'',NULL,NULL,NULL,1,'$2b$12$QmqyvIXUrTWO.4UIIMUtMeW2J20BGz0rQQMc/XNl2fpjdMkOevIfq',NULL,NULL,NULL,NULL,1,NULL,'null',NULL);
INSERT INTO `user` (`id`, `created`, `updated`, `name`, `is_service_account`, `full_name`, `description`, `email`, `avatar_url`, `active`, `password`, `password_changed_at`, `activation_token`, `email_opted_in`, `external_user_id`, `is_admin`, `user_metadata`, `oidc_claims`, `default_project_id`) VALUES ('feab7a03200541e4a4b4d5d956c85297','2026-11-25 16:43:12','2026-11-25 16:43:12','ann',0,'',NULL,NULL,NULL,1,'$2b$12$FZg1ypf9AsjSqrUmtfEN.uaK/WgOWD9r42QLnR1ZxrEqdiJFVFnra','2026-11-25 16:43:12',NULL,NULL,NULL,0,NULL,'null',NULL);
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `secret` (
  `id` char(32) NOT NULL,
  `created` datetime NOT NULL,
  `updated` datetime NOT NULL,
  `name` varchar(255) NOT NULL,
  `private` tinyint(1) NOT NULL,
  `internal` tinyint(1) NOT NULL,
  `values` mediumtext DEFAULT NULL,
  `user_id` char(32) NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `unique_secret_name_private_scope_user` (`name`,`private`,`user_id`),
  KEY `fk_secret_user_id_user` (`user_id`),
  CONSTRAINT `fk_secret_user_id_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;
INSERT INTO `secret` (`id`, `created`, `updated`, `name`, `private`, `internal`, `values`, `user_id`) VALUES ('3451287b284d432da55b62a5d877aa20','2026-11-25 16:43:13','2026-11-25 16:43:13','connector',0,1,'eyJ0b2tlbiI6ICJ0In0=','feab7a03200541e4a4b4d5d956c85297');
INSERT INTO `secret` (`id`, `created`, `updated`, `name`, `private`, `internal`, `values`, `user_id`) VALUES ('45c67a23a1f848ceb0cc857ed63582b6','2026-11-25 16:43:13','2026-11-25 16:43:13','plain',1,0,'eyJoZXJzIjogIjIifQ==','feab7a03200541e4a4b4d5d956c85297');
INSERT INTO `secret` (`id`, `created`, `updated`, `name`, `private`, `internal`, `values`, `user_id`) VALUES ('6d878166c3fd4a3898d3406c3ac6ca3f','2026-11-25 16:43:13','2026-11-25 16:43:13','plain',0,0,'eyJ1c2VyIjogImFubiIsICJwYXNzd29yZCI6ICJcdTAwZTlcblx1ZDgzZFx1ZGQxMSJ9','6c0354cfad784301a01ccd2d264ce5bf');
INSERT INTO `secret` (`id`, `created`, `updated`, `name`, `private`, `internal`, `values`, `user_id`) VALUES ('7afa0acf83484807b53294d46a9531ab','2026-11-25 16:43:13','2026-11-25 16:43:13','odd',0,0,'eyJxdW90ZSI6ICJcIidge3thLmJ9fSIsICJibGFuayI6ICIiLCAibnVsIjogIlx1MDAwMCJ9','feab7a03200541e4a4b4d5d956c85297');
INSERT INTO `secret` (`id`, `created`, `updated`, `name`, `private`, `internal`, `values`, `user_id`) VALUES ('97278ededfea42e4918c5bf6ab817d84','2026-11-25 16:43:13','2026-11-25 16:43:13','plain',1,0,'eyJtaW5lIjogIjEifQ==','6c0354cfad784301a01ccd2d264ce5bf');
INSERT INTO `secret` (`id`, `created`, `updated`, `name`, `private`, `internal`, `values`, `user_id`) VALUES ('d4fa9fb009fc4724af6e82caa9ba30f6','2026-11-25 16:43:13','2026-11-25 16:43:13','empty',0,0,'e30=','6c0354cfad784301a01ccd2d264ce5bf');
INSERT INTO `secret` (`id`, `created`, `updated`, `name`, `private`, `internal`, `values`, `user_id`) VALUES ('d9c66ac446f84f418bf072cce7609956','2026-11-25 16:43:13','2026-11-25 16:43:13','many',0,0,'eyJrZXlfMCI6ICIiLCAia2V5XzEiOiAidiIsICJrZXlfMiI6ICJ2diIsICJrZXlfMyI6ICJ2dnYiLCAia2V5XzQiOiAidnZ2diIsICJrZXlfNSI6ICJ2dnZ2diIsICJrZXlfNiI6ICJ2dnZ2dnYiLCAia2V5XzciOiAidnZ2dnZ2diIsICJrZXlfOCI6ICJ2dnZ2dnZ2diIsICJrZXlfOSI6ICJ2dnZ2dnZ2dnYiLCAia2V5XzEwIjogInZ2dnZ2dnZ2dnYiLCAia2V5XzExIjogInZ2dnZ2dnZ2dnZ2IiwgImtleV8xMiI6ICJ2dnZ2dnZ2dnZ2dnYiLCAia2V5XzEzIjogInZ2dnZ2dnZ2dnZ2dnYiLCAia2V5XzE0IjogInZ2dnZ2dnZ2dnZ2dnZ2IiwgImtleV8xNSI6ICJ2dnZ2dnZ2dnZ2dnZ2dnYiLCAia2V5XzE2IjogInZ2dnZ2dnZ2dnZ2dnZ2dnYiLCAia2V5XzE3IjogInZ2dnZ2dnZ2dnZ2dnZ2dnZ2IiwgImtleV8xOCI6ICJ2dnZ2dnZ2dnZ2dnZ2dnZ2dnYiLCAia2V5XzE5IjogInZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnYiLCAia2V5XzIwIjogInZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2IiwgImtleV8yMSI6ICJ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnYiLCAia2V5XzIyIjogInZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnYiLCAia2V5XzIzIjogInZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2IiwgImtleV8yNCI6ICJ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnYiLCAia2V5XzI1IjogInZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnYiLCAia2V5XzI2IjogInZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2IiwgImtleV8yNyI6ICJ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnYiLCAia2V5XzI4IjogInZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnYiLCAia2V5XzI5IjogInZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2IiwgImtleV8zMCI6ICJ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnYiLCAia2V5XzMxIjogInZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnYiLCAia2V5XzMyIjogInZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2IiwgImtleV8zMyI6ICJ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnYiLCAia2V5XzM0IjogInZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnYiLCAia2V5XzM1IjogInZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2IiwgImtleV8zNiI6ICJ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnYiLCAia2V5XzM3IjogInZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnYiLCAia2V5XzM4IjogInZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2IiwgImtleV8zOSI6ICJ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnYifQ==','feab7a03200541e4a4b4d5d956c85297');
