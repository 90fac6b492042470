-- Who is assigned a file, in the order of ids.
CREATE INDEX device_app_file ON device_app (update_file_path, device_id);
