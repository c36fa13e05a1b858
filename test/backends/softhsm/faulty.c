/*
 * A PKCS#11 module before the real one ($FAULTY_MODULE): it does whatever that does, unless a file in $FAULTY_FOLDER with
 * the name of the function says otherwise: `hang`, `crash`, `return NUMBER`, or one of these after `once `. The file
 * `flags` holds a number that is added to the flags of every token; with a file `absent` no slot has a token.
 * Each call is one line in `calls`.
 */
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pkcs11.h"

static CK_FUNCTION_LIST real, faulty;

static FILE *control(const char *name, const char *mode, char *path, size_t size) {
  snprintf(path, size, "%s/%s", getenv("FAULTY_FOLDER"), name);
  return fopen(path, mode);
}

static CK_RV fault(const char *name) {
  char path[4096], text[64] = "", *what = text;
  FILE *file = control("calls", "a", path, sizeof path);
  if (file != NULL) {
    fprintf(file, "%s\n", name);
    fclose(file);
  }
  file = control(name, "r", path, sizeof path);
  if (file == NULL) return CKR_OK;
  if (fgets(text, sizeof text, file) == NULL) text[0] = 0;
  fclose(file);
  if (strncmp(what, "once ", 5) == 0) {
    unlink(path);
    what += 5;
  }
  if (strncmp(what, "crash", 5) == 0) {
    signal(SIGSEGV, SIG_DFL);
    raise(SIGSEGV);
  }
  if (strncmp(what, "hang", 4) == 0)
    for (;;) pause();
  return strncmp(what, "return ", 7) == 0 ? strtoul(what + 7, NULL, 0) : CKR_OK;
}

static int has(const char *name) {
  char path[4096];
  FILE *file = control(name, "r", path, sizeof path);
  if (file != NULL) fclose(file);
  return file != NULL;
}

#define FAULTY(name, parameters, arguments)       \
  static CK_RV faulty_##name parameters {         \
    CK_RV rv = fault(#name);                      \
    return rv == CKR_OK ? real.name arguments : rv; \
  }

FAULTY(C_Initialize, (CK_VOID_PTR args), (args))
FAULTY(C_OpenSession,
       (CK_SLOT_ID slot, CK_FLAGS flags, CK_VOID_PTR application, CK_NOTIFY notify, CK_SESSION_HANDLE_PTR session),
       (slot, flags, application, notify, session))
FAULTY(C_Login, (CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG length),
       (session, user, pin, length))
FAULTY(C_FindObjectsInit, (CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR template, CK_ULONG count),
       (session, template, count))
FAULTY(C_SetAttributeValue,
       (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR template, CK_ULONG count),
       (session, object, template, count))
FAULTY(C_GenerateKeyPair,
       (CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_ATTRIBUTE_PTR public, CK_ULONG publics,
        CK_ATTRIBUTE_PTR private, CK_ULONG privates, CK_OBJECT_HANDLE_PTR public_key, CK_OBJECT_HANDLE_PTR private_key),
       (session, mechanism, public, publics, private, privates, public_key, private_key))
FAULTY(C_SignInit, (CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key),
       (session, mechanism, key))
FAULTY(C_DestroyObject, (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object), (session, object))

/* A signature with a wrong bit: `C_Sign` holds `spoil`. */
static CK_RV faulty_C_Sign(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG size, CK_BYTE_PTR signature,
                           CK_ULONG_PTR length) {
  char path[4096], text[16] = "";
  FILE *file = control("C_Sign", "r", path, sizeof path);
  if (file != NULL && fgets(text, sizeof text, file) == NULL) text[0] = 0;
  if (file != NULL) fclose(file);
  CK_RV rv = fault("C_Sign");
  if (rv == CKR_OK) rv = real.C_Sign(session, data, size, signature, length);
  if (rv == CKR_OK && signature != NULL && strncmp(text, "spoil", 5) == 0) signature[*length - 1] ^= 1;
  return rv;
}

static CK_RV faulty_C_GetSlotList(CK_BBOOL present, CK_SLOT_ID_PTR slots, CK_ULONG_PTR count) {
  CK_RV rv = fault("C_GetSlotList");
  if (rv != CKR_OK) return rv;
  if (!has("absent")) return real.C_GetSlotList(present, slots, count);
  *count = 0;
  return CKR_OK;
}

static CK_RV faulty_C_GetTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
  char path[4096], text[64] = "0";
  CK_RV rv = fault("C_GetTokenInfo");
  if (rv == CKR_OK) rv = real.C_GetTokenInfo(slot, info);
  FILE *file = control("flags", "r", path, sizeof path);
  if (file == NULL) return rv;
  if (fgets(text, sizeof text, file) != NULL && rv == CKR_OK) info->flags |= strtoul(text, NULL, 0);
  fclose(file);
  return rv;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list) {
  void *module = dlopen(getenv("FAULTY_MODULE"), RTLD_NOW | RTLD_LOCAL);
  CK_C_GetFunctionList get = module == NULL ? NULL : (CK_C_GetFunctionList)dlsym(module, "C_GetFunctionList");
  CK_FUNCTION_LIST_PTR functions;
  if (get == NULL || get(&functions) != CKR_OK) return CKR_GENERAL_ERROR;
  real = faulty = *functions;
  faulty.C_Initialize = faulty_C_Initialize;
  faulty.C_OpenSession = faulty_C_OpenSession;
  faulty.C_Login = faulty_C_Login;
  faulty.C_FindObjectsInit = faulty_C_FindObjectsInit;
  faulty.C_SetAttributeValue = faulty_C_SetAttributeValue;
  faulty.C_GenerateKeyPair = faulty_C_GenerateKeyPair;
  faulty.C_SignInit = faulty_C_SignInit;
  faulty.C_DestroyObject = faulty_C_DestroyObject;
  faulty.C_Sign = faulty_C_Sign;
  faulty.C_GetSlotList = faulty_C_GetSlotList;
  faulty.C_GetTokenInfo = faulty_C_GetTokenInfo;
  faulty.C_GetFunctionList = C_GetFunctionList;
  *list = &faulty;
  return CKR_OK;
}
