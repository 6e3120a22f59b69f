/* The commit this program was built from; the package manifest passes it in. */
const char *build_commit(void);
int build_is_dirty(void);
