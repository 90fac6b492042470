-- As docker-fuota-server makes it, so that its devices.db opens unchanged.
CREATE TABLE IF NOT EXISTS device_app (
    device_id TEXT PRIMARY KEY,
    app_ver TEXT,
    update_file_path TEXT
);
