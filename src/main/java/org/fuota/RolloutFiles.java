package org.fuota;

import java.util.Optional;
import org.fuota.file.Advice;
import org.fuota.file.AssignmentAdvice;
import org.fuota.file.FilePath;
import org.fuota.file.LastFile;
import org.fuota.file.Recipients;
import org.fuota.file.StoredFile;
import org.fuota.file.UpdateFiles;
import org.fuota.rollout.Rollouts;

/** What rollouts are told of update files. */
record RolloutFiles(UpdateFiles files, AssignmentAdvice assignment) implements Rollouts.Files {
    @Override
    public Optional<StoredFile> find(FilePath path) {
        return files.find(path);
    }

    @Override
    public Advice advice(FilePath path, String version) {
        return assignment.on(path, new Recipients(1, "", version, LastFile.NONE));
    }
}
